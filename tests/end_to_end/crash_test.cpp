// The host is dropped at each crash point in turn, again and again, and started anew from what was
// durable: the file holds each record exactly once.
#include <map>

#include "tests/end_to_end/world.hpp"

namespace end_to_end {
namespace {

TEST(Crash, AtEveryPointLosesAndRepeatsNothing) {
  World world;
  world.settings["backfill_start_time"] = "-10d";
  world.add_history(3000, 9 * kDay);
  world.add_stream(world.clock().now_ns(), 2 * kHour, 3, {.late_fraction = 0.3});
  std::map<std::string, int, std::less<>> crashes;
  for (int run = 0; run < 150; ++run) {
    int left = run % 29;
    world.at_crash_point = [&](std::string_view where) {
      if (left-- > 0) return;
      ++crashes[std::string(where)];
      throw Crash();
    };
    EXPECT_THROW(world.run_for(kHour), Crash);
  }
  for (const char* point : {"before_write", "amid_write", "after_write", "before_sync",
                            "before_commit", "after_commit", "after_cut"})
    EXPECT_GT(crashes[point], 0) << point;
  world.at_crash_point = nullptr;
  world.down_for(4 * kHour);
  ASSERT_EQ(world.run_once(), 0) << world.log();
  EXPECT_TRUE(is_complete(world));
  EXPECT_GE(world.lines().size(), 3000U);
}

}  // namespace
}  // namespace end_to_end
