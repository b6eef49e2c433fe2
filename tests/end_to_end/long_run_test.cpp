// However long it runs: what is kept for the position stops growing in the first hours.
#include "tests/end_to_end/footprint.hpp"

namespace end_to_end {
namespace {

// The late window is full by then, and the state's log has come to its length.
constexpr int64_t kFilled = 12 * kHour;

TEST(LongRun, KeepsNoMoreThanInItsFirstHours) {
  World world;
  const int64_t begin_ns = world.clock().now_ns();
  world.add_stream(begin_ns, 2 * kDay, 5, {.late_fraction = 0.5});
  Footprint first, later;
  world.watch_each(10 * kMinute, [&](const host::PipelineStatus&) {
    Footprint& greatest = world.clock().now_ns() < begin_ns + kFilled ? first : later;
    greatest.widen(footprint(world));
  });
  ASSERT_EQ(world.run_for(2 * kDay), 0) << world.log();
  EXPECT_GT(world.lines().size(), 14'000U);
  EXPECT_GT(first.checkpoint, 500) << "it knows the ids of the late window";
  EXPECT_LE(later.checkpoint, first.checkpoint * 5 / 4);
  EXPECT_GT(first.state, 4 << 10);
  EXPECT_LE(later.state, first.state * 5 / 4);
}

}  // namespace
}  // namespace end_to_end
