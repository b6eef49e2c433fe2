// Records that surface up to an hour after their time arrive once: whatever second they surface in,
// whether a sweep is open, between runs, and however long the host was down.
#include "tests/end_to_end/world.hpp"

namespace end_to_end {
namespace {

constexpr int64_t kLate = 55 * kMinute;

TEST(LateRecords, ArriveWhateverSecondTheySurfaceIn) {
  World world;
  ASSERT_EQ(world.run_once(), 0) << world.log();
  const int64_t begin_ns = world.clock().now_ns() + kMinute;
  // One for each second of a whole cycle of late checks, so that some fall into every sweep.
  for (int second = 0; second < 700; ++second) world.add_event(begin_ns + second * kSecond, kLate);
  ASSERT_EQ(world.run_for(2 * kHour), 0) << world.log();
  EXPECT_EQ(world.lines().size(), 700U);
  EXPECT_TRUE(is_complete(world));
  EXPECT_GE(world.metric("late_records_total"), 700);
}

TEST(LateRecords, ArriveOnEveryPageOfALongList) {
  for (const auto order : {fake_aikido::Order::kAscending, fake_aikido::Order::kDescending}) {
    fake_aikido::Switches switches;
    switches.order = order;
    World world(switches);
    const int64_t begin_ns = world.clock().now_ns();
    // Twelve pages within the late window, and late ones strewn over all of them.
    world.add_stream(begin_ns + kMinute, 2 * kHour, 7);
    for (int i = 0; i < 120; ++i)
      world.add_event(begin_ns + (2 + i) * kMinute + 17 * kSecond, kLate + i * kSecond / 4);
    ASSERT_EQ(world.run_for(5 * kHour), 0) << world.log();
    EXPECT_TRUE(is_complete(world));
  }
}

class LateWhileDown : public testing::TestWithParam<int64_t> {};

TEST_P(LateWhileDown, ArriveHoweverLongTheHostWasDown) {
  World world;
  const int64_t begin_ns = world.clock().now_ns();
  const int64_t down_ns = GetParam() * kHour;
  world.add_stream(begin_ns + kMinute, down_ns + 4 * kHour, 1.5,
                   {.late_fraction = 0.4, .latest_s = 3300});
  world.add_event(begin_ns + 2 * kHour + down_ns / 2 - kLate, kLate);
  ASSERT_EQ(world.run_for(2 * kHour), 0) << world.log();
  world.down_for(down_ns);
  ASSERT_EQ(world.run_for(6 * kHour), 0) << world.log();
  EXPECT_TRUE(is_complete(world));
}

INSTANTIATE_TEST_SUITE_P(Hours, LateWhileDown, testing::Values(1, 24, 7 * 24));

TEST(LateRecords, ArriveBetweenShortRuns) {
  World world;
  const int64_t begin_ns = world.clock().now_ns();
  world.add_stream(begin_ns + kMinute, 10 * kHour, 2, {.late_fraction = 0.5, .latest_s = 3300});
  for (int run = 0; run < 40; ++run) {
    ASSERT_EQ(world.run_once(), 0) << world.log();
    world.down_for((7 + 5 * (run % 5)) * kMinute);
  }
  EXPECT_TRUE(is_complete(world));
  EXPECT_GE(world.lines().size(), 1100U);
}

}  // namespace
}  // namespace end_to_end
