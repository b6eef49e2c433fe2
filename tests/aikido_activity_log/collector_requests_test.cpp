// Few requests: every request saved is 3.3 seconds of the vendor's quota saved.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "tests/aikido_activity_log/collector_scenario.hpp"

namespace aikido::model {
namespace {

struct Reading {
  Order order;
  Header header;
  bool inclusive;
};

class CollectorRequests : public testing::TestWithParam<Reading> {
 protected:
  Switches switches() const {
    return {GetParam().order, GetParam().header, GetParam().inclusive, GetParam().inclusive, 0};
  }
};

int64_t live_requests(const World& world) {
  return world.requests(SweepKind::kFresh) + world.requests(SweepKind::kLate);
}

TEST_P(CollectorRequests, ADenseBackfillTakesHardlyMoreThanItsPages) {
  for (const int64_t count : {12'345, 100'000}) {
    Plan plan = steady_plan(kMinute);
    backfill_from(plan, kBegin - 90 * kDay);
    plan.settings.run_once = true;
    Server server(switches());
    add_stream(server, {count, kBegin - 90 * kDay, kBegin - 2 * kHour}, 1);
    World world(1, plan, std::move(server));
    EXPECT_EQ(world.live(), "");
    EXPECT_EQ(world.output().size(), static_cast<size_t>(count));
    EXPECT_LE(static_cast<double>(world.requests(SweepKind::kBackfill)),
              1.02 * static_cast<double>(count) / 50 + 10);
  }
}

// A window that grew over the empty time is too wide for what comes then. Where that begins is
// found by halves, in an order of the list in which nothing else tells.
TEST_P(CollectorRequests, ADenseBackfillBehindAnEmptyTimeTakesHardlyMoreThanItsPages) {
  struct Days {
    int64_t empty;
    int64_t dense;
  };
  for (const auto& [empty, dense] : {Days{1, 2}, Days{3, 40}, Days{30, 90}, Days{400, 90}}) {
    Plan plan = steady_plan(kMinute);
    backfill_from(plan, kBegin - (empty + dense) * kDay);
    plan.settings.run_once = true;
    Server server(switches());
    add_stream(server, {100'000, kBegin - dense * kDay, kBegin - 2 * kHour}, 1);
    World world(1, plan, std::move(server));
    EXPECT_EQ(world.live(), "");
    EXPECT_EQ(world.output().size(), 100'000U);
    EXPECT_LE(world.requests(SweepKind::kBackfill), 2'050 + std::log2(empty)) << empty;
  }
}

// What the wide window had shown of them is read again, window by window.
TEST_P(CollectorRequests, ASparseBackfillBehindAnEmptyTimeTakesLittleMoreThanItsPages) {
  struct Days {
    int64_t empty;
    int64_t sparse;
    int64_t count;
  };
  for (const auto& [empty, sparse, count] :
       {Days{100, 500, 1'500}, Days{10, 300, 6'000}, Days{1'000, 60, 3'000}}) {
    Plan plan = steady_plan(kMinute);
    backfill_from(plan, kBegin - (empty + sparse) * kDay);
    plan.settings.run_once = true;
    Server server(switches());
    add_stream(server, {count, kBegin - sparse * kDay, kBegin - 2 * kHour}, 5);
    World world(5, plan, std::move(server));
    EXPECT_EQ(world.live(), "");
    EXPECT_EQ(world.output().size(), static_cast<size_t>(count));
    EXPECT_LE(static_cast<double>(world.requests(SweepKind::kBackfill)),
              1.02 * static_cast<double>(count) / 50 + 10 + 35)
        << empty;
  }
}

// All of them on one day, then nothing.
TEST_P(CollectorRequests, ABackfillOfOneCrowdedDayTakesHardlyMoreThanItsPages) {
  Plan plan = steady_plan(kMinute);
  backfill_from(plan, kBegin - 30 * kDay);
  plan.settings.run_once = true;
  Server server(switches());
  add_stream(server, {100'000, kBegin - 30 * kDay, kBegin - 29 * kDay}, 7);
  World world(7, plan, std::move(server));
  EXPECT_EQ(world.live(), "");
  EXPECT_EQ(world.output().size(), 100'000U);
  EXPECT_LE(world.requests(SweepKind::kBackfill), 2'050);
}

// Weekends, bursts, growth, a crowd behind years with hardly any: what a window holds cannot be
// told from the one before. To look ahead costs a request, to have read in vain would cost
// hundreds.
TEST_P(CollectorRequests, AnUnevenBackfillTakesLittleMoreThanItsPages) {
  using ByDay = std::function<int64_t(int64_t)>;
  const auto heavy_tailed = [](int64_t day) {
    std::mt19937_64 random(static_cast<uint64_t>(day));
    return std::min(20'000.0, std::lognormal_distribution<double>(4, 2)(random));
  };
  const std::pair<int64_t, ByDay> histories[] = {
      {60, [](int64_t day) { return day % 7 < 2 ? 3 : 667; }},
      {30, [](int64_t day) { return (day + 1) % 7 < 2 ? 0 : 8'000; }},
      {64, [](int64_t day) { return day < 60 ? 60 : 20'000; }},
      {40, [](int64_t day) { return day % 10 == 9 ? 20'000 : 150; }},
      {90, heavy_tailed},
      {1'500, [](int64_t day) { return day == 700 ? 20'000 : day % 7 == 0; }},
      {150, [](int64_t day) { return static_cast<int64_t>(std::pow(1.06, day)); }},
  };
  for (const auto& [days, records] : histories) {
    Plan plan = steady_plan(kMinute);
    backfill_from(plan, kBegin - days * kDay);
    plan.settings.run_once = true;
    Server server(switches());
    for (int64_t day = 0; day < days; ++day) {
      const int64_t from_ns = kBegin - (days - day) * kDay;
      const int64_t span_ns = day + 1 < days ? kDay : kDay - 2 * kHour;
      add_stream(server, {records(day), from_ns, from_ns + span_ns}, static_cast<uint64_t>(day));
    }
    World world(1, plan, std::move(server));
    EXPECT_EQ(world.live(), "");
    const auto count = static_cast<int64_t>(world.server().records().size());
    EXPECT_EQ(static_cast<int64_t>(world.output().size()), count);
    EXPECT_LE(world.requests(SweepKind::kBackfill), count / 50 * 106 / 100 + 15)
        << days << " days, " << count << " records";
  }
}

TEST_P(CollectorRequests, ASparseBackfillThatComesInHeapsTakesFortyAtMost) {
  Plan plan = steady_plan(kMinute);
  backfill_from(plan, kBegin - 5 * 365 * kDay);
  Server server(switches());
  for (const int64_t year : {4, 3, 2, 1})
    add_stream(server, {250, kBegin - year * 365 * kDay, kBegin - year * 365 * kDay + kHour}, 8);
  World world(8, plan, std::move(server));
  EXPECT_EQ(world.live(), "");
  EXPECT_EQ(world.output().size(), 1'000U);
  EXPECT_LE(world.requests(SweepKind::kBackfill), 40);
}

TEST_P(CollectorRequests, ASparseBackfillOfFiveYearsTakesFortyAtMost) {
  for (const int64_t count : {0, 10, 200, 1'000}) {
    Plan plan = steady_plan(kMinute);
    backfill_from(plan, kBegin - 5 * 365 * kDay);
    Server server(switches());
    add_stream(server, {count, kBegin - 5 * 365 * kDay, kBegin - 2 * kHour}, 2);
    World world(2, plan, std::move(server));
    EXPECT_EQ(world.live(), "");
    EXPECT_EQ(world.output().size(), static_cast<size_t>(count));
    EXPECT_LE(world.requests(SweepKind::kBackfill), 40) << count;
  }
}

TEST_P(CollectorRequests, PollingTakesHardlyMoreThanOneRequestAPoll) {
  for (const int64_t a_day : {0, 24, 300, 700, 1'000}) {
    Plan plan = steady_plan(kDay);
    Server server(switches());
    add_stream(server, {a_day, kBegin, kBegin + kDay, 0.2}, 3);
    World world(3, plan, std::move(server));
    EXPECT_EQ(world.live(), "");
    EXPECT_LE(live_requests(world), 1'440 * 13 / 10) << a_day;
    EXPECT_GE(live_requests(world), 1'300) << a_day;
  }
}

TEST_P(CollectorRequests, ABusyHourOfTheDayTakesLittleMore) {
  Plan plan = steady_plan(kDay);
  Server server(switches());
  add_stream(server, {100, kBegin, kBegin + kDay, 0.2}, 4);
  add_stream(server, {900, kBegin + 5 * kHour, kBegin + 6 * kHour, 0.2}, 5);
  World world(4, plan, std::move(server));
  EXPECT_EQ(world.live(), "");
  EXPECT_LE(live_requests(world), 1'440 * 13 / 10);
}

TEST_P(CollectorRequests, ACrashCostsNoRequestTwice) {
  Plan plan = steady_plan(6 * kHour);
  backfill_from(plan, kBegin - 90 * kDay);
  plan.crash = 0.3;  // after the answer is durable
  Server server(switches());
  add_stream(server, {12'345, kBegin - 90 * kDay, kBegin - 2 * kHour}, 6);
  World world(6, plan, std::move(server));
  EXPECT_EQ(world.live(), "");
  EXPECT_LE(world.requests(SweepKind::kBackfill), 12'345 / 49 + 10);
}

INSTANTIATE_TEST_SUITE_P(EveryReading, CollectorRequests,
                         testing::Values(Reading{Order::kAscending, Header::kPresent, true},
                                         Reading{Order::kAscending, Header::kAbsent, false},
                                         Reading{Order::kDescending, Header::kPresent, false},
                                         Reading{Order::kDescending, Header::kAbsent, true},
                                         Reading{Order::kShuffled, Header::kAbsent, true}));

}  // namespace
}  // namespace aikido::model
