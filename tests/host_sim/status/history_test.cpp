#include "host_sim/status/history.hpp"

#include <gtest/gtest.h>

#include "host_sim/clock.hpp"
#include "tests/host_sim/status/snapshots.hpp"

namespace host::status {
namespace {

using test::kBegin;

std::vector<PipelineStatus> at(int64_t records) {
  PipelineStatus a = test::status("a", PipelineHealth::kRunning);
  a.committed = records;
  a.lag_ns = 7;
  return {a};
}

TEST(StatusHistory, KeepsTheFirstSecondsAsTheyAre) {
  History history;
  for (int64_t i = 0; i < 100; ++i) history.add(kBegin + i * kNsPerSecond, at(i));
  const auto& points = history.of("a");
  ASSERT_EQ(points.size(), 100u);
  EXPECT_EQ(points.back().time_ns, kBegin + 99 * kNsPerSecond);
  EXPECT_EQ(points.back().records, 99);
  EXPECT_EQ(points.back().lag_ns, 7);
  EXPECT_EQ(history.interval_ns(), kNsPerSecond);
  EXPECT_TRUE(history.of("b").empty());
}

TEST(StatusHistory, CoversAnHourInFewPointsAndForgetsWhatIsOlder) {
  History history;
  int64_t now = kBegin;
  for (; now < kBegin + 3 * 3600 * kNsPerSecond; now += history.interval_ns())
    history.add(now, at(now / kNsPerSecond));
  const auto& points = history.of("a");
  EXPECT_LE(points.size(), History::kMostPoints);
  EXPECT_GE(points.size(), History::kMostPoints / 2 - 16);
  EXPECT_EQ(history.interval_ns(), 32 * kNsPerSecond) << "the power of two that fits an hour";
  const int64_t span = points.back().time_ns - points.front().time_ns;
  EXPECT_LE(span, 3600 * kNsPerSecond);
  EXPECT_GE(span, 3500 * kNsPerSecond);
  for (size_t i = 1; i < points.size(); ++i) EXPECT_GT(points[i].time_ns, points[i - 1].time_ns);
}

TEST(StatusHistory, AClockThatIsSetBackLeavesNoFutureBehind) {
  History history;
  for (int64_t i = 0; i < 10; ++i) history.add(kBegin + i * kNsPerSecond, at(i));
  history.add(kBegin - kNsPerSecond, at(11));
  ASSERT_EQ(history.of("a").size(), 1u);
  EXPECT_EQ(history.of("a").front().records, 11);
}

}  // namespace
}  // namespace host::status
