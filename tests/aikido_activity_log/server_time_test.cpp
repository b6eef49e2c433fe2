#include "plugins/aikido_activity_log/server_time.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "plugins/aikido_activity_log/backoff.hpp"
#include "tests/aikido_activity_log/host_double.hpp"

namespace aikido {
namespace {

TEST(ServerTime, IsTheHostsUntilTheServerTells) {
  HostDouble host;
  ServerTime time(host.host());
  EXPECT_FALSE(time.known());
  EXPECT_EQ(time.now_ns(), host.wall_ns);
  time.learn(kNoon - 300);
  EXPECT_TRUE(time.known());
  EXPECT_EQ(time.now_ns(), (kNoon - 300) * kNsPerSecond);
  host.wall_ns += 86'400 * kNsPerSecond;
  host.monotonic_ns += 5 * kNsPerSecond;
  EXPECT_EQ(time.now_ns(), (kNoon - 295) * kNsPerSecond) << "a jump of the wall clock is no matter";
}

TEST(ServerTime, DoesNotRunBackWithinTheSecondOfADate) {
  HostDouble host;
  ServerTime time(host.host());
  time.learn(kNoon);
  host.monotonic_ns += kNsPerSecond / 2;
  const int64_t before = time.now_ns();
  time.learn(kNoon);
  EXPECT_EQ(time.now_ns(), before);
  time.learn(kNoon + 10);
  EXPECT_EQ(time.now_ns(), (kNoon + 10) * kNsPerSecond);
  time.learn(kNoon - 10);
  EXPECT_LT(time.now_ns(), (kNoon - 9) * kNsPerSecond) << "the server itself was set back";
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
    time.learn(true_ns / kNsPerSecond);
    RC_ASSERT(std::abs(time.now_ns() - true_ns) < kNsPerSecond);
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
