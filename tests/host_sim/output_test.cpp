// Where an output goes on, and what it refuses.
#include "host_sim/output.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <csignal>

#include "host_sim/descriptor.hpp"
#include "tests/support/files.hpp"

namespace host {
namespace {

using test_support::read_file;
using test_support::TemporaryFolder;
using test_support::write_file;
using testing::EndsWith;
using testing::HasSubstr;

class FileOutputTest : public testing::Test {
 protected:
  // As after a crash, when nothing else is said.
  Result<OpenedOutput> open(const std::optional<OutputPosition>& committed = {},
                            int64_t ours_until = kAllIsOurs) {
    return outputs_.open({OutputSettings::Type::kFile, path_}, committed, ours_until);
  }
  void expect_refused(Status status, const std::string& why,
                      const std::optional<OutputPosition>& committed = {}) {
    const auto refused = open(committed);
    ASSERT_FALSE(refused) << why;
    EXPECT_EQ(refused.error().status, status);
    EXPECT_THAT(refused.error().text, HasSubstr(path_.string() + ": "));
    EXPECT_THAT(refused.error().text, HasSubstr(why));
  }
  // Writes and closes; what a commit would keep.
  OutputPosition after_writing(std::string_view lines) {
    const auto opened = open();
    EXPECT_TRUE(opened->output->write(lines));
    EXPECT_TRUE(opened->output->sync());
    return opened->output->position();
  }

  TemporaryFolder folder_;
  const std::filesystem::path path_ = folder_ / "new/out.ndjson";
  Outputs outputs_{1, false, {}};
};

TEST_F(FileOutputTest, AFileOfItsOwnIsMadeWithItsFolderForItsOwnerAlone) {
  const auto opened = open();
  ASSERT_TRUE(opened) << opened.error().text;
  EXPECT_TRUE(opened->begins);
  EXPECT_EQ(opened->output->position().position, 0);
  struct stat about {};
  ASSERT_EQ(::stat(path_.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600u);
}

TEST_F(FileOutputTest, AnOperatorsFileIsAppendedToOnALineOfItsOwn) {
  std::filesystem::create_directory(folder_ / "new");
  for (const bool ended : {true, false}) {
    write_file(path_, ended ? "theirs\n" : "theirs");
    const auto opened = open();
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->output->position().position, ended ? 7 : 6);
    EXPECT_TRUE(opened->output->write("ours\n"));
    EXPECT_EQ(read_file(path_), "theirs\nours\n");
    EXPECT_EQ(opened->output->position().position, 12);
  }
}

TEST_F(FileOutputTest, WhatNoCommitKnowsIsCutOff) {
  const OutputPosition committed = after_writing("kept\n");
  write_file(path_, "kept\nlost\n");
  const auto opened = open(committed);
  ASSERT_TRUE(opened) << opened.error().text;
  EXPECT_FALSE(opened->begins);
  EXPECT_THAT(opened->remark, HasSubstr("cut off 5 bytes"));
  EXPECT_EQ(read_file(path_), "kept\n");
}

TEST_F(FileOutputTest, AfterACleanEndWhatIsBehindIsSomebodysAndKept) {
  const OutputPosition committed = after_writing("kept\n");
  write_file(path_, "kept\nnote");
  const auto opened = open(committed, kNothingOfOurs);
  ASSERT_TRUE(opened) << opened.error().text;
  EXPECT_TRUE(opened->begins) << "the new position is committed before the first write";
  EXPECT_EQ(opened->output->position().position, 9);
  EXPECT_THAT(opened->remark, HasSubstr("another program has appended 4 bytes; they are kept"));
  EXPECT_TRUE(opened->output->write("ours\n"));
  EXPECT_EQ(read_file(path_), "kept\nnote\nours\n");
}

// Cutting ours off would take theirs along, and keeping ours would repeat records.
TEST_F(FileOutputTest, SomebodysBytesBehindUncommittedOnesOfOursAreLeftForPeopleToSortOut) {
  const OutputPosition committed = after_writing("kept\n");
  write_file(path_, "kept\nlost\nsomebody's line\n");
  const auto refused = open(committed, 10);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().status, Status::kCheckpoint);
  EXPECT_THAT(refused.error().text, HasSubstr("has written 16 bytes behind 5 bytes of ours"));
  EXPECT_EQ(read_file(path_), "kept\nlost\nsomebody's line\n");
}

TEST_F(FileOutputTest, AShorterFileIsRefusedAndLeftAsItIs) {
  const OutputPosition committed = after_writing("kept\n");
  std::filesystem::resize_file(path_, 2);
  expect_refused(Status::kCheckpoint, "has 2 bytes, but records up to byte 5", committed);
  EXPECT_EQ(read_file(path_), "ke");
}

TEST_F(FileOutputTest, ARotatedFileIsFollowedAtItsEnd) {
  const OutputPosition committed = after_writing("kept\n");
  std::filesystem::rename(path_, folder_ / "aside");
  write_file(path_, "somebody's line\n");
  const auto opened = open(committed);
  ASSERT_TRUE(opened);
  EXPECT_TRUE(opened->begins);
  EXPECT_EQ(opened->output->position().position, 16);
  EXPECT_THAT(opened->remark, EndsWith("going on at its end, byte 16"));
}

TEST_F(FileOutputTest, BehindAnOlderStateANewFileIsSaidToHoldSomeAgain) {
  const OutputPosition committed = after_writing("kept\n");
  std::filesystem::rename(path_, folder_ / "aside");
  const auto opened = open(committed, kNobodyKnows);
  ASSERT_TRUE(opened);
  EXPECT_THAT(opened->remark, HasSubstr("older copy, and what was delivered since comes again"));
}

// An imported state, and what an earlier import of it has collected here: it would come twice.
TEST_F(FileOutputTest, BehindAnImportAnotherFileIsLeftForPeopleToSortOut) {
  OutputPosition committed = after_writing("kept\n");
  std::filesystem::rename(path_, folder_ / "aside");
  for (const char* kind : {"file", "stdout"}) {
    committed.kind = kind;
    write_file(path_, "collected since\n");
    const auto refused = open(committed, kNobodyKnows);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().status, Status::kCheckpoint);
    EXPECT_THAT(refused.error().text,
                HasSubstr(path_.string() + ": holds 16 bytes and is not the file that the state"));
    EXPECT_EQ(read_file(path_), "collected since\n");
    write_file(path_, "");
    EXPECT_TRUE(open(committed, kNobodyKnows)) << "what is empty holds nothing twice";
  }
}

TEST_F(FileOutputTest, BehindAnImportACopyOfTheOutputGoesOn) {
  const OutputPosition committed = after_writing("kept\n");
  std::filesystem::rename(path_, folder_ / "aside");
  std::filesystem::copy_file(folder_ / "aside", path_);
  const auto opened = open(committed, kNobodyKnows);
  ASSERT_TRUE(opened) << opened.error().text;
  EXPECT_EQ(opened->output->position().position, 5);
}

// Even when the system gives the new file the old one's number.
TEST_F(FileOutputTest, ARemovedFileIsBegunAnew) {
  const OutputPosition committed = after_writing("kept\n");
  std::filesystem::remove(path_);
  write_file(path_, "");
  const auto opened = open(committed);
  ASSERT_TRUE(opened) << opened.error().text;
  EXPECT_TRUE(opened->begins);
  EXPECT_EQ(opened->output->position().position, 0);
}

TEST_F(FileOutputTest, AMovedFileIsStillTheSameOne) {
  OutputPosition committed = after_writing("kept\n");
  committed.path = "/elsewhere";
  const auto opened = open(committed);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->output->position().position, 5);
}

TEST_F(FileOutputTest, OnlyARegularFileWillDo) {
  std::filesystem::create_directory(folder_ / "new");
  write_file(folder_ / "target", "");
  std::filesystem::create_symlink(folder_ / "target", path_);
  expect_refused(Status::kConfig, "is a link");
  std::filesystem::remove(path_);
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  expect_refused(Status::kConfig, "is a device, a FIFO or a socket");
  std::filesystem::remove(path_);
  std::filesystem::create_directory(path_);
  expect_refused(Status::kConfig, "is a folder");
}

class OutputElsewhere : public testing::Test {
 protected:
  std::string refusal(const std::filesystem::path& path) {
    const auto opened = outputs_.open({OutputSettings::Type::kFile, path}, {}, kAllIsOurs);
    if (opened) return "was opened";
    EXPECT_EQ(opened.error().status, Status::kConfig) << opened.error().text;
    return opened.error().text;
  }
  TemporaryFolder folder_;
  Outputs outputs_{1, false, {}};
};

// What only looks like a file would swallow the records, or change the system.
TEST_F(OutputElsewhere, DevicesSocketsAndTheKernelsFilesAreRefused) {
  for (const char* device : {"/dev/null", "/dev/full", "/dev/zero", "/dev/tty"})
    EXPECT_THAT(refusal(device), HasSubstr("is a device, a FIFO or a socket"));
  for (const char* link : {"/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "/proc/self/exe"})
    EXPECT_THAT(refusal(link), HasSubstr("is a link"));
  for (const char* kernel : {"/proc/self/comm", "/proc/sys/kernel/hostname",
                             "/proc/sys/kernel/core_pattern", "/sys/kernel/mm/lru_gen/enabled"})
    if (std::filesystem::exists(kernel)) {
      EXPECT_THAT(refusal(kernel), HasSubstr("belongs to the kernel"));
    }
  for (const char* none : {"/proc/self/x.ndjson", "/proc/no/such/folder/x.ndjson", "/sys/x.ndjson"})
    EXPECT_THAT(refusal(none), HasSubstr("belongs to the kernel, and is on no disk"));
  const Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string at = folder_ / "socket";
  at.copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(socket.number(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  EXPECT_THAT(refusal(at), HasSubstr("is a device, a FIFO or a socket"));
}

// Wherever a link leads: to a file, to nothing, to itself.
TEST_F(OutputElsewhere, NoLinkIsFollowedAndNothingIsMadeAtItsEnd) {
  write_file(folder_ / "target", "somebody's");
  for (const char* target : {"target", "nothing", "link", "/etc/passwd"}) {
    std::filesystem::create_symlink(target, folder_ / "link");
    EXPECT_THAT(refusal(folder_ / "link"), HasSubstr("is a link"));
    std::filesystem::remove(folder_ / "link");
  }
  EXPECT_EQ(read_file(folder_ / "target"), "somebody's");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "nothing"));
}

// Operators keep their folders behind links; the file that is written is the one at their end, and
// the position belongs to it whichever way it is reached.
TEST_F(OutputElsewhere, AFolderMayBeALink) {
  std::filesystem::create_directory(folder_ / "disk");
  std::filesystem::create_directory_symlink("disk", folder_ / "out");
  const auto opened =
      outputs_.open({OutputSettings::Type::kFile, folder_ / "out/a.ndjson"}, {}, kAllIsOurs);
  ASSERT_TRUE(opened) << opened.error().text;
  ASSERT_TRUE(opened->output->write("ours\n"));
  EXPECT_EQ(read_file(folder_ / "disk/a.ndjson"), "ours\n");
  EXPECT_FALSE(opened->output->replaced());
  std::filesystem::create_directory(folder_ / "other");
  std::filesystem::remove(folder_ / "out");
  std::filesystem::create_directory_symlink("other", folder_ / "out");
  EXPECT_TRUE(opened->output->replaced()) << "turned elsewhere: as if it had been rotated";
}

TEST_F(FileOutputTest, AFileThatAnotherProgramHasLockedIsLeftToIt) {
  const auto first = open();
  ASSERT_TRUE(first);
  expect_refused(Status::kTransient, "another program has locked it");
}

TEST_F(FileOutputTest, ForeignBytesAreNeverWrittenOver) {
  const auto opened = open();
  EXPECT_FALSE(opened->output->overtaken());
  write_file(path_, "somebody's line\n");
  EXPECT_TRUE(opened->output->overtaken());
  const Result<void> written = opened->output->write("ours\n");
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error().text, HasSubstr("another program has just written to it"));
  EXPECT_EQ(read_file(path_), "somebody's line\n");
}

TEST_F(FileOutputTest, ItSaysWhenThePathLeadsElsewhere) {
  const auto opened = open();
  EXPECT_FALSE(opened->output->replaced());
  std::filesystem::rename(path_, folder_ / "aside");
  EXPECT_TRUE(opened->output->replaced());
  EXPECT_TRUE(opened->output->sync()) << "a file that was moved keeps its records";
  std::filesystem::remove(folder_ / "aside");
  const Result<void> synced = opened->output->sync();
  ASSERT_FALSE(synced);
  EXPECT_THAT(synced.error().text, HasSubstr("was removed before its last records"));
}

TEST_F(FileOutputTest, AFullDiskIsAnErrorAndTheNextOpeningMendsIt) {
  const OutputPosition committed = after_writing("kept\n");
  const auto before = std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit{};
  ::getrlimit(RLIMIT_FSIZE, &limit);
  const rlimit tight{8, limit.rlim_max};
  {
    const auto opened = open(committed);
    ::setrlimit(RLIMIT_FSIZE, &tight);
    const Result<void> written = opened->output->write("more than fits\n");
    ::setrlimit(RLIMIT_FSIZE, &limit);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().status, Status::kTransient);
    EXPECT_THAT(written.error().text,
                HasSubstr("cannot be written (File too large); make room on its disk, or raise "));
  }
  std::signal(SIGXFSZ, before);
  EXPECT_EQ(read_file(path_), "kept\nmor");
  ASSERT_TRUE(open(committed));
  EXPECT_EQ(read_file(path_), "kept\n");
}

}  // namespace
}  // namespace host
