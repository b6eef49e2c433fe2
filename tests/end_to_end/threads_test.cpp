// Several pipelines in one host, on its own threads, each with the real input: what a sanitizer of
// threads has to see of the whole.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>

#include "tests/end_to_end/program_world.hpp"

namespace end_to_end {
namespace {

class Threads : public testing::Test {
 protected:
  Threads() {
    world_.add_history(400);
    for (const char* name : {"second", "third"}) world_.repeat_pipeline(name);
  }
  std::vector<std::string> lines(const std::string& file) const {
    std::vector<std::string> lines = test_support::read_lines(world_.folder / file);
    std::sort(lines.begin(), lines.end());
    return lines;
  }
  bool all_hold_all() {
    const std::vector<std::string> expected = world_.expected();
    return std::ranges::all_of(std::array{"out.ndjson", "second.ndjson", "third.ndjson"},
                               [&](const char* file) { return lines(file) == expected; });
  }

  ProgramWorld world_;
};

TEST_F(Threads, OfThreePipelinesDoNotDisturbEachOther) {
  {
    const auto program = world_.start({"run", "M"});
    ASSERT_TRUE(comes_true([&] { return lines("third.ndjson").size() >= 50; })) << program->err();
    program->signal(SIGTERM);
    const auto end = program->wait(test_support::kBounded);
    ASSERT_TRUE(end);
    ASSERT_EQ(end->exit_code, 0) << end->err;
  }
  const auto program = world_.start({"run", "M"});
  for (int i = 0; i < 20; ++i) world_.add_event();
  EXPECT_TRUE(comes_true([&] { return all_hold_all(); })) << program->err();
  program->signal(SIGTERM);
  const auto end = program->wait(test_support::kBounded);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->exit_code, 0) << end->err;
  EXPECT_EQ(world_.expected().size(), 420u);
}

}  // namespace
}  // namespace end_to_end
