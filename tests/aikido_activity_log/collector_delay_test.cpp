// Prompt: live records never wait behind a backfill or late sweeps, late ones come with the next
// look for them, and a tenant that is too busy for that is told so.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

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

TEST_P(CollectorDelay, NorBehindPagesOfTheBackfillThatFail) {
  Plan plan = steady_plan(6 * kHour);
  backfill_from(plan, kBegin - 90 * kDay);
  plan.bad_page = 3;
  plan.bad_until_ns = kBegin + 5 * kHour;
  Server server(switches(Order::kAscending));
  add_stream(server, {40'000, kBegin - 90 * kDay, kBegin - 2 * kHour}, 1);
  add_stream(server, {360, kBegin, kBegin + 3 * kHour, 0.3}, 2);
  World world(1, plan, std::move(server));
  ASSERT_EQ(world.live(), "");
  const Delays longest = delays(world, kBegin, kBegin + 5 * kHour);
  EXPECT_GT(longest.lives, 150);
  EXPECT_LE(longest.live_ns, kMinute + 8 * kRequestInterval);
  EXPECT_LE(longest.late_ns, 10 * kMinute + 12 * kRequestInterval);
}

// Every fifth answer has a date that is hours off, ahead or behind.
TEST_P(CollectorDelay, NorBehindDatesThatAreWrong) {
  Plan plan = steady_plan(6 * kHour);
  plan.clocks.wrong_dates = 0.2;
  plan.clocks.wrong_by_ns = 5 * kHour;
  Server server(switches(Order::kAscending));
  add_stream(server, {400, kBegin, kBegin + 4 * kHour, 0.3}, 2);
  World world(1, plan, std::move(server));
  ASSERT_EQ(world.live(), "");
  const Delays longest = delays(world, kBegin, kBegin + 5 * kHour);
  EXPECT_GT(longest.lives, 150);
  EXPECT_LE(longest.live_ns, 5 * kMinute) << "a poll or two ask for the wrong time";
  EXPECT_LE(longest.late_ns, 20 * kMinute);
  EXPECT_GT(world.requests(SweepKind::kFresh), 250);
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

TEST_P(CollectorDelay, LiveRecordsOfABusyTenantDoNotWaitBehindABackfillEither) {
  Plan plan = steady_plan(3 * kHour);
  backfill_from(plan, kBegin - 30 * kDay);
  Server server(switches(Order::kDescending));
  add_stream(server, {50'000, kBegin - 30 * kDay, kBegin - 2 * kHour}, 8);
  add_stream(server, {80 * 3 * 60, kBegin, kBegin + 3 * kHour, 0.5}, 9);
  World world(8, plan, std::move(server));
  ASSERT_EQ(world.live(), "");
  const Delays longest = delays(world, kBegin, kBegin + 2 * kHour);
  EXPECT_GT(longest.lives, 4'000);
  EXPECT_LE(longest.live_ns, kMinute + 15 * kRequestInterval);
  EXPECT_GT(world.requests(SweepKind::kBackfill), 200) << "at least its eighth of the pace";
}

// What an outage left is read in windows: little is remembered, and live records come at once.
TEST_P(CollectorDelay, AfterADayDownLiveRecordsArePromptAndLittleIsRemembered) {
  Plan plan = steady_plan(2 * kDay);
  plan.down_from_ns = kBegin + 4 * kHour;
  plan.down_to_ns = kBegin + 28 * kHour;
  Server server(switches(Order::kAscending));
  add_stream(server, {20 * 60 * 34, kBegin, kBegin + 34 * kHour, 0.3}, 10);
  World world(10, plan, std::move(server));
  ASSERT_EQ(world.live(), "");
  const Delays longest = delays(world, plan.down_to_ns + 10 * kMinute, plan.down_to_ns + 5 * kHour);
  EXPECT_GT(longest.lives, 3'000);
  EXPECT_LE(longest.live_ns, kMinute + 12 * kRequestInterval);
  EXPECT_LT(world.greatest_checkpoint(), 100'000U);
}

TEST_P(CollectorDelay, ProgressOnlyGrows) {
  Plan plan = steady_plan(2 * kHour);
  backfill_from(plan, kBegin - 90 * kDay);
  Server server(switches(Order::kAscending));
  add_stream(server, {20'000, kBegin - 90 * kDay, kBegin - 2 * kHour}, 11);
  World world(11, plan, std::move(server));
  ASSERT_EQ(world.live(), "");
  const std::vector<int32_t>& progress = world.progress();
  EXPECT_TRUE(std::is_sorted(progress.begin(), progress.end()));
  EXPECT_EQ(progress.front(), 0);
  EXPECT_EQ(progress.back(), 10'000);
  const auto steps = std::set<int32_t>(progress.begin(), progress.end()).size();
  EXPECT_GT(steps, 100U) << "it moves within a window, too";
}

// The first window tells nothing of how much the next one holds.
TEST_P(CollectorDelay, ProgressMovesWithThePagesWhereThePastBeginsEmpty) {
  Plan plan = steady_plan(kHour);
  backfill_from(plan, kBegin - 31 * kDay);
  Server server(switches(Order::kAscending));
  add_stream(server, {5'000, kBegin - 30 * kDay, kBegin - 2 * kHour}, 12);
  World world(12, plan, std::move(server));
  ASSERT_EQ(world.live(), "");
  const std::vector<int32_t>& progress = world.progress();
  ASSERT_TRUE(std::is_sorted(progress.begin(), progress.end()));
  size_t same = 1;
  size_t longest = 1;
  for (size_t i = 1; i < progress.size() && progress[i] < 10'000; ++i) {
    same = progress[i] == progress[i - 1] ? same + 1 : 1;
    longest = std::max(longest, same);
  }
  EXPECT_GT(progress.size(), 100U);
  EXPECT_LE(longest, 48U) << "while what a window that was too wide had shown is read again";
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
