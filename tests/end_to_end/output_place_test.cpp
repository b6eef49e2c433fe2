// The output is removed, replaced, rotated or cut while the real program runs: it says so, and what
// it delivers from then on is where an operator would look for it, each record once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <fstream>

#include "tests/end_to_end/program_world.hpp"

namespace end_to_end {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class OutputPlace : public testing::Test {
 protected:
  void SetUp() override {
    world_.add_history(20);
    program_ = world_.start({"run", "M"});
    ASSERT_TRUE(world_.comes_to_hold_all()) << program_->err();
    ASSERT_TRUE(comes_true([&] { return world_.committed()->records == 20; }));
    old_ = world_.lines();
  }
  // Five more records, and the file comes to hold the new ones alone.
  void expect_only_new_ones(size_t count = 5) {
    for (size_t i = 0; i < 5; ++i) world_.add_event();
    std::vector<std::string> expected;
    for (const std::string& line : world_.expected())
      if (!std::binary_search(old_.begin(), old_.end(), line)) expected.push_back(line);
    ASSERT_EQ(expected.size(), count);
    EXPECT_TRUE(comes_true([&] { return world_.lines() == expected; })) << program_->err();
    expect_is_stopped(20 + count);
  }
  void expect_is_stopped(size_t records) {
    program_->signal(SIGTERM);
    const auto end = program_->wait(kBounded);
    ASSERT_TRUE(end);
    EXPECT_EQ(end->exit_code, 0) << end->err;
    EXPECT_EQ(world_.committed()->records, static_cast<int64_t>(records));
  }
  // A record comes while the output is not what it was; nothing is committed.
  void expect_erroring(const std::string& why) {
    world_.add_event();
    ASSERT_TRUE(program_->wait_for_err(world_.output.string() + ": " + why, kBounded))
        << program_->err();
    EXPECT_THAT(program_->err(), HasSubstr("test: erroring: "));
    EXPECT_EQ(world_.committed()->records, 20);
  }

  ProgramWorld world_;
  std::unique_ptr<test_support::Program> program_;
  std::vector<std::string> old_;
};

TEST_F(OutputPlace, ThatIsRemovedIsMadeAnew) {
  fs::remove(world_.output);
  expect_only_new_ones();
}

TEST_F(OutputPlace, ThatIsRotatedIsFollowed) {
  fs::rename(world_.output, world_.folder / "out.ndjson.1");
  expect_only_new_ones();
  EXPECT_THAT(program_->err(), HasSubstr("is another file than before (rotated, or moved)"));
  std::vector<std::string> aside = test_support::read_lines(world_.folder / "out.ndjson.1");
  std::sort(aside.begin(), aside.end());
  EXPECT_EQ(aside, old_);
}

TEST_F(OutputPlace, ThatBecameAFolderIsWaitedFor) {
  fs::rename(world_.output, world_.folder / "aside");
  fs::create_directory(world_.output);
  expect_erroring("is a folder; an output is a regular file");
  fs::remove(world_.output);
  fs::rename(world_.folder / "aside", world_.output);
  EXPECT_TRUE(world_.comes_to_hold_all()) << program_->err();
  expect_is_stopped(21);
}

TEST_F(OutputPlace, ThatBecameALinkIsNotFollowed) {
  test_support::write_file(world_.folder / "target", "somebody's");
  fs::rename(world_.output, world_.folder / "aside");
  fs::create_symlink(world_.folder / "target", world_.output);
  expect_erroring("is a link; an output is a regular file");
  fs::rename(world_.folder / "aside", world_.output);
  EXPECT_TRUE(world_.comes_to_hold_all()) << program_->err();
  EXPECT_EQ(test_support::read_file(world_.folder / "target"), "somebody's");
  expect_is_stopped(21);
}

TEST_F(OutputPlace, ThatSomebodyCutIsRefusedUntilItIsMovedAway) {
  fs::resize_file(world_.output, 3);
  expect_erroring("has 3 bytes, but records up to byte ");
  fs::rename(world_.output, world_.folder / "aside");
  expect_only_new_ones(6);
  EXPECT_EQ(fs::file_size(world_.folder / "aside"), 3U);
}

TEST_F(OutputPlace, ThatAnotherProgramAppendsToKeepsItsBytes) {
  std::ofstream(world_.output, std::ios::app) << "somebody's\n";
  const std::string both = test_support::read_file(world_.output);
  world_.add_event();
  EXPECT_TRUE(
      program_->wait_for_err("another program has appended 11 bytes; they are kept", kBounded))
      << program_->err();
  EXPECT_TRUE(comes_true([&] {
    return test_support::read_file(world_.output).size() > both.size();
  })) << program_->err();
  EXPECT_EQ(test_support::read_file(world_.output).substr(0, both.size()), both);
  expect_is_stopped(21);
  EXPECT_EQ(world_.lines().size(), 22U);
}

}  // namespace
}  // namespace end_to_end
