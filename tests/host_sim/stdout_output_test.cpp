// How batches come to stdout, and what stands there after a failure.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>

#include "host_sim/descriptor.hpp"
#include "host_sim/output.hpp"
#include "tests/support/files.hpp"

namespace host {
namespace {

using test_support::read_file;
using test_support::TemporaryFolder;
using test_support::write_file;

TEST(StdoutOutput, ABatchIsWrittenAsAWholeAndAGoneReaderIsSaid) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  Descriptor reader(ends[0]);
  const Descriptor writer(ends[1]);
  Outputs outputs(writer.number(), false, {});
  const auto opened = outputs.open({}, {}, kNothingOfOurs);
  ASSERT_TRUE(opened->output->write("one\ntwo\n"));
  EXPECT_TRUE(opened->output->sync());
  char got[16];
  EXPECT_EQ(::read(reader.number(), got, sizeof got), 8);
  const auto before = std::signal(SIGPIPE, SIG_IGN);
  reader = Descriptor();
  const Result<void> gone = opened->output->write("three\n");
  std::signal(SIGPIPE, before);
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().status, Status::kCancelled);
}

// On a full disk: half of a batch, and then the batch again once there is room.
TEST(StdoutOutput, AfterATornLineTheNextBatchBeginsALineOfItsOwn) {
  const TemporaryFolder folder;
  const Descriptor file(::open((folder / "out").c_str(), O_WRONLY | O_CREAT, 0600));
  Outputs outputs(file.number(), false, {});
  const auto opened = outputs.open({}, {}, kAllIsOurs);
  ASSERT_TRUE(opened->output->write("one\n"));
  const auto before = std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &limit), 0);
  const rlimit tight{9, limit.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tight), 0);
  const Result<void> torn = opened->output->write("two\nthree\n");
  ::setrlimit(RLIMIT_FSIZE, &limit);
  std::signal(SIGXFSZ, before);
  ASSERT_FALSE(torn);
  EXPECT_FALSE(outputs.settled());
  EXPECT_EQ(torn.error().status, Status::kTransient);
  const auto again = outputs.open({}, {}, kAllIsOurs);
  ASSERT_TRUE(again->output->write("two\nthree\n"));
  EXPECT_EQ(read_file(folder / "out"), "one\ntwo\nt\ntwo\nthree\n");
  EXPECT_TRUE(outputs.settled());
}

// Whoever died amid a line could not tell the next run.
TEST(StdoutOutput, AfterACrashTheFirstBatchBeginsALineOfItsOwn) {
  const TemporaryFolder folder;
  write_file(folder / "out", "one\ntw");
  const Descriptor file(::open((folder / "out").c_str(), O_WRONLY | O_APPEND));
  Outputs outputs(file.number(), true, {});
  EXPECT_TRUE(outputs.settled()) << "nobody writes there yet";
  const auto opened = outputs.open({}, {}, kAllIsOurs);
  EXPECT_FALSE(outputs.settled());
  ASSERT_TRUE(opened->output->write("two\n"));
  ASSERT_TRUE(opened->output->write("three\n"));
  EXPECT_EQ(read_file(folder / "out"), "one\ntw\ntwo\nthree\n");
  EXPECT_TRUE(outputs.settled());
}

}  // namespace
}  // namespace host
