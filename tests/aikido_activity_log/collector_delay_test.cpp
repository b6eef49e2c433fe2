// Prompt: live records never wait behind a backfill or late sweeps, late ones come with the next
// look for them, and a tenant that is too busy for that is told so.
#include <gtest/gtest.h>

#include "tests/aikido_activity_log/collector_scenario.hpp"

namespace aikido::model {
namespace {

class CollectorDelay : public testing::TestWithParam<Header> {
 protected:
  Switches switches(Order order) const { return {order, GetParam(), true, true, 0}; }
};

TEST_P(CollectorDelay, NeitherLiveNorLateRecordsWaitBehindABackfill) {
  for (const Order order : {Order::kAscending, Order::kDescending}) {
    Plan plan = steady_plan(6 * kHour);
    backfill_from(plan, kBegin - 90 * kDay);
    Server server(switches(order));
    add_stream(server, {100'000, kBegin - 90 * kDay, kBegin - 2 * kHour}, 1);
    add_stream(server, {360, kBegin, kBegin + 3 * kHour, 0.3}, 2);
    World world(1, plan, std::move(server));
    ASSERT_EQ(world.live(), "");
    const Delays longest = delays(world, kBegin, kBegin + 5 * kHour);
    EXPECT_GT(longest.lives, 150);
    EXPECT_GT(longest.lates, 70);
    EXPECT_LE(longest.live_ns, kMinute + 8 * kRequestInterval);
    EXPECT_LE(longest.late_ns, 10 * kMinute + 12 * kRequestInterval);
    EXPECT_LT(world.backfill_done_ns() - kBegin, 2'000 * kRequestInterval * 14 / 10);
    EXPECT_LT(world.greatest_checkpoint(), 100'000U);
    EXPECT_EQ(world.last_notice(), "");
  }
}

TEST_P(CollectorDelay, ABusyTenantIsServedOnTime) {
  for (const Order order : {Order::kAscending, Order::kDescending}) {
    Plan plan = steady_plan(6 * kHour);
    Server server(switches(order));
    add_stream(server, {80 * 4 * 60, kBegin, kBegin + 4 * kHour, 0.5}, 3);
    World world(3, plan, std::move(server));
    ASSERT_EQ(world.live(), "");
    const Delays longest = delays(world, kBegin, kBegin + 5 * kHour);
    EXPECT_GT(longest.lives, 9'000);
    EXPECT_GT(longest.lates, 9'000);
    EXPECT_LE(longest.live_ns, kMinute + 12 * kRequestInterval);
    EXPECT_LE(longest.late_ns, 25 * kMinute);
    EXPECT_LT(world.greatest_checkpoint(), 200'000U);
  }
}

TEST_P(CollectorDelay, ATenantTooBusyIsCompleteAndSaysSo) {
  Plan plan = steady_plan(3 * kHour);
  Server server(switches(Order::kDescending));
  add_stream(server, {200 * 3 * 60, kBegin, kBegin + 3 * kHour, 0.5}, 4);
  World world(4, plan, std::move(server));
  ASSERT_EQ(world.live(), "");
  const Delays longest = delays(world, kBegin, kBegin + 2 * kHour);
  EXPECT_GT(longest.lates, 8'000);
  EXPECT_LE(longest.live_ns, 2 * kMinute);
  EXPECT_NE(world.last_notice().find("requests_per_second"), std::string::npos)
      << world.last_notice();
  EXPECT_LT(world.greatest_checkpoint(), 1'000'000U);
}

TEST_P(CollectorDelay, LateRecordsAreCountedWithTheirLateness) {
  Plan plan = steady_plan(6 * kHour);
  backfill_from(plan, kBegin - kDay);
  Server server(switches(Order::kAscending));
  add_stream(server, {500, kBegin - kDay, kBegin - 2 * kHour}, 5);
  add_stream(server, {100, kBegin, kBegin + 5 * kHour}, 6);
  add_stream(server, {50, kBegin, kBegin + 5 * kHour, 1.0}, 7);
  World world(5, plan, std::move(server));
  ASSERT_EQ(world.live(), "");
  EXPECT_LE(world.late_records(), 50);
  EXPECT_GE(world.late_records(), 35);  // some surface before a sweep has passed them
  EXPECT_GT(world.greatest_lateness_ns(), 45 * kMinute);
  EXPECT_LT(world.greatest_lateness_ns(), 67 * kMinute);
}

INSTANTIATE_TEST_SUITE_P(EitherHeader, CollectorDelay,
                         testing::Values(Header::kPresent, Header::kAbsent));

}  // namespace
}  // namespace aikido::model
