// Without backfill_start_time nothing from before the first run arrives, and all after it does.

#include "tests/end_to_end/world.hpp"

namespace end_to_end {
namespace {

std::vector<std::string> since(World& world, size_t count_before) {
  std::vector<std::string> all = world.visible();
  all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count_before));
  return all;
}

TEST(FirstRun, BringsNothingFromBeforeItAndAllAfterIt) {
  World world;
  world.add_history(500, 2 * kDay);
  const int64_t begin_ns = world.clock().now_ns();
  world.add_stream(begin_ns + kMinute, 3 * kHour, 5, {.late_fraction = 0.3});
  ASSERT_EQ(world.run_for(5 * kHour), 0) << world.log();
  EXPECT_TRUE(holds_exactly(world, since(world, 500)));
  EXPECT_EQ(world.lines().size(), 900U);
}

TEST(FirstRun, IsFixedBeforeTheFirstEventEvenAcrossARestart) {
  World world;
  world.add_history(500, 2 * kDay);
  ASSERT_EQ(world.run_once(), 0) << world.log();
  EXPECT_TRUE(world.lines().empty());
  // While nothing runs, the first events happen.
  const int64_t begin_ns = world.clock().now_ns();
  world.add_stream(begin_ns + kSecond, 2 * kHour, 2, {.late_fraction = 0.5});
  world.down_for(4 * kHour);
  ASSERT_EQ(world.run_once(), 0) << world.log();
  EXPECT_TRUE(holds_exactly(world, since(world, 500)));
  EXPECT_EQ(world.lines().size(), 240U);
}

TEST(FirstRun, IsFixedByACrashRightAfterItsCommit) {
  World world;
  world.add_history(500, 2 * kDay);
  int commits = 0;
  world.at_crash_point = [&](std::string_view where) {
    // The first commit fixes the output's position, the second the first run's times.
    if (where == "after_commit" && ++commits == 2) throw Crash();
  };
  EXPECT_THROW(world.run_once(), Crash);
  world.at_crash_point = nullptr;
  const int64_t begin_ns = world.clock().now_ns();
  world.add_event(begin_ns + 10 * kSecond);
  world.add_event(begin_ns + 20 * kSecond, 50 * kMinute);
  world.down_for(2 * kHour);
  ASSERT_EQ(world.run_once(), 0) << world.log();
  EXPECT_TRUE(holds_exactly(world, since(world, 500)));
  EXPECT_EQ(world.lines().size(), 2U);
}

}  // namespace
}  // namespace end_to_end
