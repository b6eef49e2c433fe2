// The pace holds through everything that can happen to a host, and none of its pipelines starves.
#include "host_sim/pace.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <vector>

#include "tests/support/simulated_clock.hpp"

namespace host {
namespace {

using test_support::SimulatedClock;

constexpr int64_t kInterval = 10 * kNsPerSecond / 3;  // 0.3 a second

size_t most_in_a_minute(const std::vector<int64_t>& times) {
  size_t most = 0;
  for (size_t first = 0, last = 0; last < times.size(); ++last) {
    while (times[last] - times[first] > 60 * kNsPerSecond) ++first;
    most = std::max(most, last - first + 1);
  }
  return most;
}

TEST(Pace, OneSlotAnInterval) {
  SimulatedClock clock;
  Pace pace(clock, false, {});
  EXPECT_EQ(pace.acquire("k", kInterval, "a"), 0) << "a first run waits for nothing";
  EXPECT_EQ(pace.acquire("k", kInterval, "a"), kInterval);
  clock.advance(kInterval - 1);
  EXPECT_EQ(pace.acquire("k", kInterval, "a"), 1);
  clock.advance(1);
  EXPECT_EQ(pace.acquire("k", kInterval, "a"), 0);
  EXPECT_EQ(pace.acquire("other", kInterval, "a"), 0);
}

TEST(Pace, KnowsTheLongestInterval) {
  SimulatedClock clock;
  Pace pace(clock, false, {{"k", 1}});
  EXPECT_EQ(pace.longest_interval_ns(), 0) << "nobody has asked";
  pace.acquire("k", kInterval, "a");
  pace.acquire("other", 1, "a");
  EXPECT_EQ(pace.longest_interval_ns(), kInterval);
}

TEST(Pace, AHoldKeepsEverySlotBack) {
  SimulatedClock clock;
  Pace pace(clock, false, {});
  pace.hold("k", 60 * kNsPerSecond);
  EXPECT_EQ(pace.acquire("k", kInterval, "a"), 60 * kNsPerSecond);
  clock.advance(60 * kNsPerSecond);
  EXPECT_EQ(pace.acquire("k", kInterval, "a"), 0);
}

TEST(Pace, WhoWaitsLongestIsNext) {
  SimulatedClock clock;
  Pace pace(clock, false, {});
  std::map<std::string, int64_t> due{{"a", 0}, {"b", 0}, {"c", 0}};
  std::map<std::string, int> taken;
  const int64_t start = clock.monotonic_ns();
  while (clock.monotonic_ns() - start < 90 * kInterval) {
    for (auto& [who, at] : due) {  // ties by name, as the scheduler has them
      if (at > clock.monotonic_ns()) continue;
      const int64_t wait = pace.acquire("k", kInterval, who);
      taken[who] += wait == 0;
      at = clock.monotonic_ns() + wait;
    }
    const auto next = std::min_element(
        due.begin(), due.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    clock.advance(std::max<int64_t>(next->second - clock.monotonic_ns(), 0));
  }
  EXPECT_EQ(taken["a"] + taken["b"] + taken["c"], 90) << "the pace is used fully";
  for (const auto& [who, count] : taken) EXPECT_EQ(count, 30) << who;
}

TEST(Pace, WhoDoesNotComeBackDelaysTheOthersByHalfAnIntervalAtMost) {
  SimulatedClock clock;
  Pace pace(clock, false, {});
  EXPECT_EQ(pace.acquire("k", kInterval, "a"), 0);
  EXPECT_EQ(pace.acquire("k", kInterval, "gone"), kInterval);
  EXPECT_EQ(pace.acquire("k", kInterval, "a"), 2 * kInterval);
  clock.advance(kInterval + kInterval / 2 + 1);
  EXPECT_EQ(pace.acquire("k", kInterval, "a"), 0);
  EXPECT_EQ(pace.acquire("k", kInterval, "quits"), kInterval);
  EXPECT_EQ(pace.acquire("k", kInterval, "a"), 2 * kInterval);
  pace.leave("quits");
  EXPECT_EQ(pace.acquire("k", kInterval, "a"), kInterval);
}

TEST(Pace, ACleanEndCarriesItOverAndAWallClockThatWasSetBackStopsNothing) {
  SimulatedClock clock;
  std::map<std::string, int64_t> left;
  {
    Pace pace(clock, false, {});
    pace.acquire("k", kInterval, "a");
    pace.acquire("long ago", kNsPerSecond, "a");
    clock.advance(kNsPerSecond);
    left = pace.next_slots();
  }
  EXPECT_EQ(left.size(), 1u);
  clock.advance(kNsPerSecond);
  EXPECT_EQ(Pace(clock, false, left).acquire("k", kInterval, "a"), kInterval - 2 * kNsPerSecond);
  clock.jump_wall(-100'000 * kNsPerSecond);
  EXPECT_EQ(Pace(clock, false, left).acquire("k", kInterval, "a"), 3600 * kNsPerSecond);
}

// Of a key that nobody asked for in between.
TEST(Pace, CautionAfterACrashOutlivesAShortRun) {
  SimulatedClock clock;
  Pace::Slots left = Pace(clock, true, {}).next_slots();
  clock.advance(1800 * kNsPerSecond);
  EXPECT_EQ(Pace(clock, false, left).acquire("k", kInterval, "a"), kInterval);
  left = Pace(clock, false, left).next_slots();
  clock.advance(1801 * kNsPerSecond);
  EXPECT_EQ(Pace(clock, false, left).acquire("k", kInterval, "a"), 0);
  EXPECT_TRUE(Pace(clock, false, left).next_slots().empty());
}

// Two pipelines at one key; every so often the host is killed or ends cleanly, and is back at once
// or later.
TEST(Pace, NeverMoreThanNineteenInAMinuteThroughRestartsAndCrashLoops) {
  for (uint32_t seed = 1; seed <= 50; ++seed) {
    std::mt19937_64 random(seed);
    SimulatedClock clock;
    std::vector<int64_t> requests;
    bool clean = true;
    std::map<std::string, int64_t> left;
    for (int run = 0; run < 40; ++run) {
      auto pace = std::make_unique<Pace>(clock, !clean, left);
      const int64_t end = clock.monotonic_ns() +
                          static_cast<int64_t>(random() % (random() % 2 ? 5 : 90)) * kNsPerSecond;
      while (clock.monotonic_ns() < end) {
        for (const char* who : {"a", "b"})
          if (pace->acquire("k", kInterval, who) == 0) requests.push_back(clock.monotonic_ns());
        clock.advance(static_cast<int64_t>(random() % (kNsPerSecond / 2)));
      }
      clean = random() % 2 == 0;
      left = clean ? pace->next_slots() : std::map<std::string, int64_t>{};
      if (random() % 2) clock.advance(static_cast<int64_t>(random() % (10 * kNsPerSecond)));
    }
    EXPECT_LE(most_in_a_minute(requests), 19u) << "seed " << seed;
    EXPECT_GT(requests.size(), 100u) << "seed " << seed;
  }
}

}  // namespace
}  // namespace host
