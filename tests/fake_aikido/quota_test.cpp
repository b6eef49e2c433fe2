// In no rolling minute are more calls let through than the quota, and none is refused without need.
#include "tests/fake_aikido/quota.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "tests/fake_aikido/clock.hpp"
#include "tests/fake_aikido/test_client.hpp"
#include "tests/support/simulated_clock.hpp"

namespace fake_aikido {
namespace {

int64_t within_a_minute_before(const std::vector<int64_t>& times, int64_t now_ns) {
  return std::count_if(times.begin(), times.end(),
                       [=](int64_t time) { return time > now_ns - kMinute; });
}

TEST(Quota, HoldsInEveryRollingMinute) {
  std::mt19937_64 random(11);
  int64_t refused = 0;
  for (int world = 0; world < 50; ++world) {
    Quota quota;
    const size_t limit = 1 + random() % 30;
    std::vector<int64_t> taken;
    int64_t now_ns = 0;
    int64_t told_ns = 0;  // to wait; some clients come back on the dot
    for (int call = 0; call < 500; ++call) {
      now_ns +=
          told_ns > 0 && random() % 2 ? told_ns : static_cast<int64_t>(random() % (6 * kSecond));
      const int64_t before = within_a_minute_before(taken, now_ns);
      const int64_t wait_ns = quota.take("w", limit, now_ns);
      told_ns = wait_ns;
      ASSERT_EQ(wait_ns == 0, before < static_cast<int64_t>(limit));
      if (wait_ns == 0) {
        taken.push_back(now_ns);
        continue;
      }
      ++refused;
      // As long as it says, and not a moment less.
      ASSERT_EQ(within_a_minute_before(taken, now_ns + wait_ns - 1), static_cast<int64_t>(limit));
      ASSERT_LT(within_a_minute_before(taken, now_ns + wait_ns), static_cast<int64_t>(limit));
    }
  }
  EXPECT_GT(refused, 1000);
}

class ServerQuota : public testing::Test {
 protected:
  ServerOptions options() {
    ServerOptions made;
    made.clients = {{.id = "a", .secret = "s"},
                    {.id = "b", .secret = "s"},
                    {.id = "c", .secret = "s", .workspace = "another"}};
    return made;
  }

  test_support::SimulatedClock clock;
  Server server{options(), std::make_shared<Organisation>(), &clock};
  TestClient a{server.url()}, b{server.url()}, c{server.url()};
};

TEST_F(ServerQuota, IsSharedByAWorkspaceAndCountsTokens) {
  a.token("a", "s");
  b.token("b", "s");
  c.token("c", "s");
  for (int call = 0; call < 9; ++call) {
    EXPECT_EQ(a.page("page=0").status, 200);
    EXPECT_EQ(b.page("page=0").status, 200);
    clock.advance(kSecond);
  }
  const Reply refused = a.page("page=0");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.header("Retry-After"), "51");
  EXPECT_NE(refused.body.find("20 calls per minute"), std::string::npos);
  EXPECT_EQ(b.ask_token("b", "s").status, 429);
  EXPECT_EQ(c.page("page=0").status, 200);
  clock.advance(51 * kSecond);
  EXPECT_EQ(a.page("page=0").status, 200);
  EXPECT_EQ(server.log().most_in_rolling_minute("a"), 11u);
  EXPECT_EQ(server.log().most_in_rolling_minute(), 24u);
}

TEST_F(ServerQuota, LeavesTokensOutWhenSwitched) {
  server.change([](Switches& switches) {
    switches.token_calls_count = false;
    switches.quota = 1;
  });
  for (int call = 0; call < 3; ++call) EXPECT_NE(a.token("a", "s"), "");
  EXPECT_EQ(a.page("page=0").status, 200);
  EXPECT_EQ(a.page("page=0").status, 429);
  EXPECT_NE(a.token("a", "s"), "");
}

}  // namespace
}  // namespace fake_aikido
