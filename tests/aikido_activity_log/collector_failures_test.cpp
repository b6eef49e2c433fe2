// A page that keeps failing: its sweep rests, and nothing else waits behind it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "plugins/aikido_activity_log/collector_texts.hpp"
#include "tests/aikido_activity_log/collector_questions.hpp"

namespace aikido {
namespace {

const Error kTimeout{Status::kTransient, "Aikido answered 504", {}, 504};
const Error kRefused{Status::kConfig, "Aikido answered 400", {}, 400};

constexpr int64_t kRest = 300 * kSecond;

// Lives for an hour, one request each 4 s; what `fails` says does. Answers by kind.
struct Hour {
  std::function<bool(const PageRequest&)> fails;
  Error error = kTimeout;
  int asked[3] = {};
  int failed = 0;
  int64_t longest_without_live_s = 0;
  std::string notice = {};

  void live_in(Collector& collector) {
    Pages pages;
    int64_t live_ns = kNow;
    for (int64_t now = kNow; now < kNow + 3'600 * kSecond;) {
      const auto next = collector.next(now);
      if (const Idle* idle = std::get_if<Idle>(&next)) {
        now = idle->until_ns;
        continue;
      }
      const auto request = std::get<PageRequest>(next);
      const bool backfill = request.kind == SweepKind::kBackfill;
      if (!fails(request)) {
        const int64_t time = backfill ? (request.start_s + 1) * kSecond : now;
        ++asked[static_cast<size_t>(request.kind)];
        delivered(collector, request,
                  pages.many(backfill ? 50 : 1, static_cast<int>(now / kSecond % 1'000'000) * 100,
                             time, backfill));
        notice = collector.notice();
      } else {
        ++failed;
        const Error told = collector.failed(request, error, now, kRest);
        EXPECT_EQ(told.status, Status::kTransient) << "the others go on";
        EXPECT_EQ(told.wait.reason, CONNECTOR_WAIT_BACKOFF);
        EXPECT_LE(told.wait.ns, 60 * kSecond) << "until the next turn, not for the rest";
      }
      if (!backfill && !fails(request)) {
        longest_without_live_s = std::max(longest_without_live_s, (now - live_ns) / kSecond);
        live_ns = now;
      }
      now += 4 * kSecond;
    }
  }
};

TEST(CollectorFailures, ABackfillPageThatFailsHoldsUpNoLiveSweep) {
  for (const Error& error : {kTimeout, kRefused}) {
    const auto collector = begun(with_backfill(kNow - 40 * 86'400 * kSecond));
    Hour hour{[](const PageRequest& request) {
                return request.kind == SweepKind::kBackfill && request.page >= 1;
              },
              error};
    hour.live_in(*collector);
    EXPECT_GE(hour.failed, 3'600 / 310);
    EXPECT_LE(hour.failed, 3'600 / 300) << "it rests in between";
    EXPECT_LE(hour.longest_without_live_s, 68);
    EXPECT_NE(hour.notice.find(
                  "the backfill fails (failures in a row: " + std::to_string(hour.failed) + ")"),
              std::string::npos)
        << hour.notice;
    EXPECT_THAT(hour.notice, testing::HasSubstr(error.text + "; next try at 2023-11-14T2"));
  }
}

TEST(CollectorFailures, ALateSweepThatFailsHoldsUpNeitherPollsNorTheBackfill) {
  const auto collector = begun(with_backfill(kNow - 40 * 86'400 * kSecond));
  Hour hour{[](const PageRequest& request) { return request.kind == SweepKind::kLate; }};
  hour.live_in(*collector);
  EXPECT_GE(hour.failed, 3'600 / 310);
  EXPECT_LE(hour.longest_without_live_s, 68);
  EXPECT_GE(hour.asked[static_cast<size_t>(SweepKind::kBackfill)], 600);
  EXPECT_NE(hour.notice.find("late records fails"), std::string::npos) << hour.notice;
}

TEST(CollectorFailures, AFreshSweepThatFailsHoldsUpNoLateOne) {
  const auto collector = begun(settings());
  Hour hour{[](const PageRequest& request) { return request.kind == SweepKind::kFresh; }};
  hour.live_in(*collector);
  EXPECT_GE(hour.asked[static_cast<size_t>(SweepKind::kLate)], 6);
}

TEST(CollectorFailures, WhereEveryKindIsAnsweredAlikeTheErrorStandsAndAllRest) {
  const auto collector = begun(with_backfill(kNow - 86'400 * kSecond));
  for (int kind = 0; kind < 3; ++kind) {
    const Error told =
        collector->failed(asked(*collector, kNow), kRefused, kNow, (100 + kind) * kSecond);
    EXPECT_EQ(told.status, kind < 2 ? Status::kTransient : Status::kConfig);
    EXPECT_EQ(told.text, kRefused.text);
    EXPECT_EQ(told.wait.ns, kind < 2 ? 1 : 100 * kSecond);
  }
  const auto next = collector->next(kNow + kSecond);
  ASSERT_TRUE(std::holds_alternative<Idle>(next));
  EXPECT_EQ(std::get<Idle>(next).until_ns, kNow + 100 * kSecond);
  EXPECT_TRUE(std::get<Idle>(next).held_back);
}

TEST(CollectorFailures, AnAnswerEndsTheTrouble) {
  const auto collector = begun(settings());
  collector->failed(asked(*collector, kNow), kTimeout, kNow, kRest);
  Pages pages;
  const PageRequest fresh = asked(*collector, kNow);
  EXPECT_EQ(fresh.kind, SweepKind::kFresh);
  delivered(*collector, fresh, pages.of({{"1", kNow}}, false));
  EXPECT_NE(collector->notice(), "");
  EXPECT_EQ(idle_until(*collector, kNow + kSecond), kNow + 60 * kSecond);
  const PageRequest late = asked(*collector, kNow + kRest);
  EXPECT_EQ(late.kind, SweepKind::kLate);
  delivered(*collector, late, pages.of({{"1", kNow}}, false));
  EXPECT_EQ(collector->notice(), "");
}

// A late sweep of five pages, too long to stand for every poll; a poll among them finds nothing.
void sweep_late(Collector& collector, int64_t now_ns, int first_id) {
  Pages pages;
  for (int page = 0; page < 5;) {
    const PageRequest request = asked(collector, now_ns);
    const bool late = request.kind == SweepKind::kLate;
    const int count = late ? 50 : 0;
    delivered(collector, request,
              pages.many(count, first_id + page * 50, now_ns - 600 * kSecond, late && page < 4));
    page += late;
  }
}

// Where late sweeps are due at every poll, no fresh one might ever come again.
TEST(CollectorFailures, ALateSweepMakesUpForAFreshOneThatFailed) {
  const auto collector = begun(settings());
  sweep_late(*collector, kNow, 1'000);
  const int64_t polled = kNow + 60 * kSecond;
  const PageRequest fresh = asked(*collector, polled);
  EXPECT_EQ(fresh.kind, SweepKind::kFresh);
  collector->failed(fresh, kTimeout, polled, 86'400 * kSecond);
  EXPECT_THAT(collector->notice(), testing::HasSubstr("looking for new records fails"));
  sweep_late(*collector, kNow + 600 * kSecond, 2'000);
  EXPECT_EQ(collector->notice(), "");
}

TEST(CollectorFailures, AClockThatWasAheadLengthensNoRest) {
  const auto collector = begun(settings());
  const int64_t ahead = kNow + 36'000 * kSecond;
  for (int kind = 0; kind < 2; ++kind)
    collector->failed(asked(*collector, ahead), kTimeout, ahead, kRest);
  EXPECT_EQ(idle_until(*collector, kNow), kNow + kRest);
}

// In a run that ends, polls in between would hide from the host that nothing else is left to do.
TEST(CollectorFailures, ARunThatEndsTriesNothingButTheFailingBackfillInTheEnd) {
  CollectorSettings with = with_backfill(kNow - 86'400 * kSecond);
  with.run_once = true;
  const auto collector = begun(with);
  Pages pages;
  const PageRequest late = asked(*collector, kNow);
  EXPECT_EQ(late.kind, SweepKind::kLate);
  delivered(*collector, late, pages.of({}, false));
  int64_t now = kNow;
  for (int i = 0; i < 5; ++i) {
    const PageRequest request = asked(*collector, now);
    EXPECT_EQ(request.kind, SweepKind::kBackfill);
    const Error told = collector->failed(request, kRefused, now, 100 * kSecond);
    EXPECT_EQ(told.status, Status::kConfig);
    EXPECT_EQ(told.wait.ns, 100 * kSecond);
    const auto next = collector->next(now + kSecond);
    ASSERT_TRUE(std::holds_alternative<Idle>(next));
    EXPECT_TRUE(std::get<Idle>(next).held_back) << "this is not being caught up";
    now += told.wait.ns;
  }
}

TEST(CollectorFailures, ARunThatEndsPollsOnceWhereItsLateSweepFails) {
  const auto collector = begun(once());
  Pages pages;
  const PageRequest late = asked(*collector, kNow);
  EXPECT_EQ(collector->failed(late, kTimeout, kNow, 100 * kSecond).wait.ns, 1);
  const PageRequest fresh = asked(*collector, kNow);
  EXPECT_EQ(fresh.kind, SweepKind::kFresh);
  EXPECT_EQ(delivered(*collector, fresh, pages.of({{"1", kNow}}, false)), 1U);
  for (int64_t now = kNow + 100 * kSecond; now < kNow + 1'000 * kSecond; now += 100 * kSecond) {
    const PageRequest again = asked(*collector, now);
    EXPECT_EQ(again.kind, SweepKind::kLate);
    EXPECT_EQ(collector->failed(again, kTimeout, now, 100 * kSecond).wait.ns, 100 * kSecond);
  }
}

// What health says of late sweeps that take `requests` at one a second, and took `took_s`.
std::string told_of_late_sweeps(int64_t requests, int64_t took_s, bool backfill_is_open = false) {
  CollectorSettings settings;
  settings.request_interval_ns = kSecond;
  settings.late_check_interval_ns = 10 * kSecond;
  CheckpointData data;
  data.late_requests = requests;
  data.late_took_ns = took_s * kSecond + kSecond / 2;
  data.split_s = backfill_is_open ? 1 : 0;
  const Run run;
  return health_notice(settings, data, run, Schedule(settings, data, run, 0).late_interval_ns());
}

TEST(CollectorFailures, LateSweepsAreToldOfWhereTheyTakeOverHalfThePace) {
  using testing::HasSubstr;
  EXPECT_THAT(told_of_late_sweeps(6, 6),
              HasSubstr("takes 60 % of the request pace (6 requests a time): nothing is lost, "))
      << "every 10 s, as it is to";
  EXPECT_EQ(told_of_late_sweeps(5, 200), "") << "behind, and not for the pace";
  EXPECT_EQ(told_of_late_sweeps(5, 5, true), "") << "half of the pace is theirs";
  EXPECT_THAT(told_of_late_sweeps(120, 130),
              HasSubstr("takes 91 % of the request pace (120 requests a time), so it happens every "
                        "2 min 10 s instead of every 10 s: "));
  EXPECT_THAT(told_of_late_sweeps(6, 6, true),
              HasSubstr("takes 50 % of the request pace (6 requests a time), so it happens every "
                        "12 s instead of every 10 s: "));
}

}  // namespace
}  // namespace aikido
