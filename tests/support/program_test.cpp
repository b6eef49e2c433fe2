// Child processes and files, as the end-to-end tests rely on them.
#include "tests/support/program.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <system_error>

#include "tests/support/files.hpp"

namespace test_support {
namespace {

constexpr std::chrono::seconds kLimit(30);

TEST(Program, GivesBothStreamsAndTheExitCode) {
  const ProgramEnd end = run_program({"/bin/sh", "-c", "echo out; echo err >&2; exit 7"});
  EXPECT_EQ(end.out, "out\n");
  EXPECT_EQ(end.err, "err\n");
  EXPECT_EQ(end.exit_code, 7);
  EXPECT_EQ(end.signal, 0);
}

TEST(Program, CollectsMoreThanAPipeHolds) {
  const ProgramEnd end = run_program({"/bin/sh", "-c", "head -c 1000000 /dev/zero"});
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_EQ(end.out, std::string(1'000'000, '\0'));
}

TEST(Program, AddsToTheEnvironmentAndRunsInAFolder) {
  const TemporaryFolder folder;
  ::setenv("SUPPORT_TEST", "old", 1);
  Program program({"/bin/sh", "-c", "echo $SUPPORT_TEST$HOME; pwd"},
                  {{"SUPPORT_TEST", "new"}, {"HOME", "/h"}}, folder.path());
  EXPECT_EQ(program.wait(kLimit)->out, "new/h\n" + folder.path().string() + '\n');
}

TEST(Program, WaitsForOutputAndHandsOnSignals) {
  Program program(
      {"/bin/sh", "-c",
       "trap 'kill $!; echo ended; exit 0' TERM; tail -f /dev/null & echo ready; wait"});
  ASSERT_TRUE(program.wait_for_out("ready\n", kLimit));
  EXPECT_FALSE(program.wait(std::chrono::milliseconds(1)));
  program.signal(SIGTERM);
  ASSERT_TRUE(program.wait_for_out("ended", kLimit));
  EXPECT_EQ(program.wait(kLimit)->exit_code, 0);
  EXPECT_FALSE(program.wait_for_err("nothing", kLimit)) << "ends with the program, not the limit";
}

TEST(Program, KillsWhatTakesTooLong) {
  const ProgramEnd end = run_program({"/bin/cat", "/dev/zero"}, {}, std::chrono::milliseconds(50));
  EXPECT_EQ(end.signal, SIGKILL);
  EXPECT_EQ(end.exit_code, -1);
}

TEST(Program, ThrowsWhenThereIsNone) {
  EXPECT_THROW(Program({"/no/such/program"}), std::system_error);
}

TEST(TemporaryFolder, GoesWithAllThatIsInIt) {
  std::filesystem::path path;
  {
    const TemporaryFolder folder;
    path = folder.path();
    std::filesystem::create_directory(folder / "sub");
    write_file(folder / "sub" / "file", "a\n\nb");
    EXPECT_EQ(read_lines(folder / "sub" / "file"), (std::vector<std::string>{"a", "", "b"}));
    EXPECT_EQ(read_file(folder / "sub" / "file"), "a\n\nb");
    EXPECT_EQ(read_file(folder / "none"), "");
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace test_support
