#include "plugins/aikido_activity_log/server_time.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "plugins/aikido_activity_log/backoff.hpp"
#include "plugins/aikido_activity_log/checkpoint.hpp"
#include "tests/aikido_activity_log/host_double.hpp"

namespace aikido {
namespace {

constexpr int64_t kLongAgo = 0;

TEST(ServerTime, IsTheHostsUntilTheServerTells) {
  HostDouble host;
  ServerTime time(host.host());
  EXPECT_EQ(time.now_ns(), host.wall_ns);
  time.learn(kNoon - 300, kLongAgo);
  EXPECT_EQ(time.now_ns(), (kNoon - 300) * kNsPerSecond);
  host.wall_ns += 86'400 * kNsPerSecond;
  host.monotonic_ns += 5 * kNsPerSecond;
  EXPECT_EQ(time.now_ns(), (kNoon - 295) * kNsPerSecond) << "a jump of the wall clock is no matter";
}

TEST(ServerTime, WithinTheSecondOfTheFirstDateAfterARestartTheHostsStands) {
  for (const int64_t into_ns : {int64_t{0}, kNsPerSecond - 1, kNsPerSecond, int64_t{-1}})
    for (const int64_t least_ns : {kNever, kLongAgo}) {
      HostDouble host;
      host.advance(into_ns);
      ServerTime time(host.host());
      time.learn(kNoon, least_ns);
      const bool stands = least_ns == kLongAgo && into_ns >= 0 && into_ns < kNsPerSecond;
      EXPECT_EQ(time.now_ns(), stands ? host.wall_ns : kNoon * kNsPerSecond) << into_ns;
      EXPECT_EQ(time.surely_ns(), std::min(host.wall_ns, kNoon * kNsPerSecond)) << into_ns;
    }
}

// The host's wall clock is ahead, and always within the second of the Date.
TEST(ServerTime, WhatStandsIsNeverVouchedFor) {
  HostDouble host;
  ServerTime time(host.host());
  int64_t server_ns = kNoon * kNsPerSecond + kNsPerSecond / 10;
  host.advance(kNsPerSecond / 10 * 9);
  for (int polls = 0; polls < 200; ++polls) {
    time.learn(server_ns / kNsPerSecond, kLongAgo);
    EXPECT_EQ(time.now_ns(), host.wall_ns);
    EXPECT_LE(time.surely_ns(), server_ns) << polls;
    host.advance(60 * kNsPerSecond);
    server_ns += 60 * kNsPerSecond;
  }
}

TEST(ServerTime, DoesNotRunBackWithinTheSecondOfADate) {
  HostDouble host;
  ServerTime time(host.host());
  time.learn(kNoon, kLongAgo);
  host.monotonic_ns += kNsPerSecond / 2;
  const int64_t before = time.now_ns();
  time.learn(kNoon, kLongAgo);
  EXPECT_EQ(time.now_ns(), before);
  time.learn(kNoon + 10, kLongAgo);
  EXPECT_EQ(time.now_ns(), (kNoon + 10) * kNsPerSecond);
  time.learn(kNoon - 10, kLongAgo);
  EXPECT_LT(time.now_ns(), (kNoon - 9) * kNsPerSecond) << "the server itself was set back";
}

TEST(ServerTime, ADateAheadMovesWhatIsAskedAndNotWhatIsVouchedFor) {
  HostDouble host;
  ServerTime time(host.host());
  time.learn(kNoon, kLongAgo);
  for (int i = 0; i < 30; ++i) {
    host.advance(60 * kNsPerSecond);
    time.learn(kNoon + 60 * (i + 1) + 10'800, kLongAgo);
    EXPECT_EQ(time.now_ns() - host.wall_ns, 10'800 * kNsPerSecond);
    EXPECT_EQ(time.surely_ns(), host.wall_ns);
  }
  host.advance(3'600 * kNsPerSecond);
  time.learn(kNoon + 1'800 + 3'600 + 10'800, kLongAgo);
  EXPECT_EQ(time.surely_ns() - host.wall_ns, 10'800 * kNsPerSecond) << "for an hour: so it is";
}

TEST(ServerTime, WhereAnswersAreRareTenOfThemAreNeeded) {
  HostDouble host;
  ServerTime time(host.host());
  time.learn(kNoon, kLongAgo);
  for (int hour = 1; hour <= 9; ++hour) {
    host.advance(2 * 3'600 * kNsPerSecond);
    time.learn(kNoon + hour * 7'200 + 600, kLongAgo);
    EXPECT_EQ(time.surely_ns(), host.wall_ns) << hour;
  }
  host.advance(2 * 3'600 * kNsPerSecond);
  time.learn(kNoon + 72'000 + 600, kLongAgo);
  EXPECT_EQ(time.surely_ns() - host.wall_ns, 600 * kNsPerSecond);
}

TEST(ServerTime, ADateBehindIsVouchedByForAnHourButNotBelievedBeforeWhatWasVouchedFor) {
  HostDouble host;
  ServerTime time(host.host());
  time.learn(kNoon, kLongAgo);
  host.advance(100 * kNsPerSecond);
  const int64_t vouched_ns = (kNoon + 90) * kNsPerSecond;
  time.learn(kNoon - 10'800, vouched_ns);
  EXPECT_EQ(time.now_ns(), vouched_ns);
  EXPECT_EQ(time.surely_ns(), (kNoon - 10'800) * kNsPerSecond);
  host.advance(100 * kNsPerSecond);
  EXPECT_EQ(time.now_ns(), vouched_ns + 100 * kNsPerSecond) << "it goes on";
  time.learn(kNoon + 200, vouched_ns);
  EXPECT_EQ(time.now_ns(), host.wall_ns);
}

TEST(ServerTime, InTheFirstHourAWallClockThatIsLittleBehindHasItsSay) {
  for (const int64_t behind_s : {0, 300, 80'000, 90'000}) {
    HostDouble host;
    ServerTime time(host.host());
    time.learn(kNoon + behind_s, kLongAgo);
    EXPECT_EQ(time.now_ns() - host.wall_ns, behind_s * kNsPerSecond);
    EXPECT_EQ(time.surely_ns() - host.wall_ns, behind_s < 86'400 ? 0 : behind_s * kNsPerSecond);
  }
}

// Against a server whose clock differs by anything: at most a second off, at every answer.
RC_GTEST_PROP(ServerTimeProperty, StaysWithinASecondOfTheServer, ()) {
  HostDouble host;
  ServerTime time(host.host());
  const int64_t offset_ns = *rc::gen::inRange<int64_t>(-kNsPerSecond, kNsPerSecond) * 300;
  for (const int64_t pause_ns :
       *rc::gen::container<std::vector<int64_t>>(rc::gen::inRange<int64_t>(1, 10 * kNsPerSecond))) {
    host.monotonic_ns += pause_ns;
    const int64_t true_ns = kNoon * kNsPerSecond + host.monotonic_ns + offset_ns;
    time.learn(true_ns / kNsPerSecond, kLongAgo);
    RC_ASSERT(std::abs(time.now_ns() - true_ns) < kNsPerSecond);
    RC_ASSERT(time.surely_ns() <= true_ns);
  }
}

TEST(Backoff, DoublesFromASecondToFiveMinutesLessARandomHalf) {
  HostDouble host;
  Backoff least(host.host());
  Backoff most(host.host());
  for (int64_t whole = 2; whole < 1000; whole *= 2) {
    const int64_t capped = std::min<int64_t>(whole, 300) * kNsPerSecond;
    host.random_bits = 0;
    EXPECT_EQ(most.next_ns(), capped);
    host.random_bits = static_cast<uint64_t>(capped / 2);
    EXPECT_EQ(least.next_ns(), capped / 2);
  }
  for (int i = 0; i < 100; ++i) most.next_ns();
  host.random_bits = 0;
  EXPECT_EQ(most.next_ns(), 300 * kNsPerSecond);
  most.reset();
  EXPECT_EQ(most.next_ns(), 2 * kNsPerSecond);
}

}  // namespace
}  // namespace aikido
