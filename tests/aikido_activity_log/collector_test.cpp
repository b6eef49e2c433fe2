// The collector's single rules: which page it asks for, and what it delivers of the answer.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/aikido_activity_log/collector_questions.hpp"

namespace aikido {
namespace {

TEST(Collector, AFirstRunWithoutBackfillBeginsWithOneSweepThatServesAsBoth) {
  const auto collector = begun(settings());
  const PageRequest first = asked(*collector, kNow);
  EXPECT_EQ(first.kind, SweepKind::kLate);
  EXPECT_EQ(first.start_s, kNowS - 1);
  EXPECT_EQ(first.end_s, kNowS + 1);
  EXPECT_EQ(first.page, 0);
  Pages pages;
  const Page page = pages.of({{"1", kNow - 1}, {"2", kNow}, {"3", kNow + 999 * kSecond}}, false);
  const Result<Accepted> accepted = collector->accept(first, page, kNow);
  ASSERT_TRUE(accepted);
  EXPECT_EQ(accepted->deliver, (std::vector<size_t>{1, 2}));
  EXPECT_EQ(idle_until(*collector, kNow + kSecond), kNow + 60 * kSecond);
}

TEST(Collector, TheSameQuestionComesUntilItIsAnswered) {
  const auto collector = begun(settings());
  const PageRequest first = asked(*collector, kNow);
  const PageRequest later = asked(*collector, kNow + 7 * kSecond);
  EXPECT_EQ(later.kind, first.kind);
  EXPECT_EQ(later.start_s, first.start_s);
  EXPECT_EQ(later.page, 0);
  EXPECT_EQ(later.end_s, kNowS + 8) << "it opens when it is answered";
  Pages pages;
  EXPECT_FALSE(collector->accept(first, pages.of({}), kNow)) << "that is no longer the question";
}

TEST(Collector, TheEndIsFixedWhileASweepIsOpen) {
  const auto collector = begun(settings());
  Pages pages;
  delivered(*collector, asked(*collector, kNow), pages.many(50, 0, kNow));
  for (int page = 1; page < 5; ++page) {
    const PageRequest next = asked(*collector, kNow + page * 4 * kSecond);
    EXPECT_EQ(next.end_s, kNowS + 1);
    EXPECT_EQ(next.page, page);
    delivered(*collector, next, pages.many(50, 50 * page, kNow));
    if (page == 3) break;
  }
  EXPECT_EQ(asked(*collector, kNow + 70 * kSecond).kind, SweepKind::kFresh)
      << "a long late sweep hides no live records";
}

TEST(Collector, AResumedOneAsksForTheNextPageOfEveryOpenSweep) {
  const CollectorSettings with = with_backfill(kNow - 40 * 86'400 * kSecond);
  auto collector = begun(with);
  Pages pages;
  std::vector<PageRequest> questions;
  for (int i = 0; i < 60; ++i) {
    const int64_t now = kNow + i * 4 * kSecond;
    const PageRequest request = asked(*collector, now);
    const int64_t time =
        request.kind == SweepKind::kBackfill ? request.start_s * kSecond + kSecond : kNow;
    delivered(*collector, request, pages.many(50, 100 * i, time, true));
    Result<std::unique_ptr<Collector>> resumed = Collector::make(with, collector->checkpoint());
    ASSERT_TRUE(resumed) << resumed.error().text;
    EXPECT_EQ((*resumed)->checkpoint(), collector->checkpoint());
    EXPECT_FALSE((*resumed)->first_run());
    questions.push_back(asked(*collector, now + 4 * kSecond));
    const PageRequest again = asked(**resumed, now + 4 * kSecond);
    EXPECT_EQ(again.kind, questions.back().kind);
    EXPECT_EQ(again.start_s, questions.back().start_s);
    EXPECT_EQ(again.end_s, questions.back().end_s);
    EXPECT_EQ(again.page, questions.back().page);
    collector = *std::move(resumed);
  }
  const auto of = [&](SweepKind kind) {
    return std::count_if(questions.begin(), questions.end(),
                         [&](const PageRequest& each) { return each.kind == kind; });
  };
  EXPECT_GE(of(SweepKind::kLate), 60 / 4 - 1);
  EXPECT_GE(of(SweepKind::kBackfill), 60 / 8 - 1);
  EXPECT_GE(of(SweepKind::kFresh), 30) << "an endless fresh sweep gets the rest";
}

TEST(Collector, AShortFirstPageEndsAPollForNowButALateSweepNever) {
  const auto collector = begun(settings());
  Pages pages;
  delivered(*collector, asked(*collector, kNow), pages.many(3, 0, kNow));
  const PageRequest second = asked(*collector, kNow + 4 * kSecond);
  EXPECT_EQ(second.kind, SweepKind::kLate);
  EXPECT_EQ(second.page, 1);
  delivered(*collector, second, pages.of({}));
  const int64_t poll = idle_until(*collector, kNow + 5 * kSecond);
  const PageRequest fresh = asked(*collector, poll);
  EXPECT_EQ(fresh.kind, SweepKind::kFresh);
  EXPECT_EQ(fresh.start_s, kNowS - 1) << "never before the split";
  EXPECT_EQ(delivered(*collector, fresh, pages.many(4, 0, kNow)), 1U);
  const PageRequest next = asked(*collector, idle_until(*collector, poll + kSecond));
  EXPECT_EQ(next.start_s, fresh.start_s) << "the frontier did not move on a probable end";
  EXPECT_EQ(collector->position().live_s, fresh.end_s - 1) << "what people are told did";
}

TEST(Collector, TellsOfNoLookBeforeOneHasEnded) {
  const auto collector = begun(settings());
  EXPECT_EQ(collector->position().live_s, collector->position().split_s);
  EXPECT_FALSE(collector->position().late_s);
  Pages pages;
  delivered(*collector, asked(*collector, kNow), pages.many(50, 0, kNow, true));
  EXPECT_FALSE(collector->position().late_s);
  delivered(*collector, asked(*collector, kNow), pages.of({}, false));
  EXPECT_EQ(collector->position().live_s, kNowS);
  EXPECT_EQ(collector->position().late_s, kNowS);
}

TEST(Collector, APollRarerThanTheWindowIsLongHidesNothing) {
  CollectorSettings with = settings();
  with.poll_interval_ns = 6 * 3'600 * kSecond;
  with.late_check_interval_ns = 7 * 86'400 * kSecond;
  const auto collector = begun(with);
  Pages pages;
  for (int page = 0; page < 4; ++page)  // not short, so that no poll turns into a late sweep
    delivered(*collector, asked(*collector, kNow), pages.many(50, 50 * page, kNow, page < 3), kNow);
  int64_t now = kNow;
  for (int poll = 0; poll < 3; ++poll) {
    const int64_t last = now;
    now = idle_until(*collector, now + kSecond);
    EXPECT_EQ(now, last + with.poll_interval_ns);
    const PageRequest fresh = asked(*collector, now);
    EXPECT_EQ(fresh.kind, SweepKind::kFresh);
    EXPECT_EQ(fresh.start_s, last / kSecond - (poll > 0 ? 2 : 1)) << "never before the split";
    delivered(*collector, fresh, pages.of({}, false), now);
  }
}

TEST(Collector, RecordsBehindAShortPageAreLookedForFromThenOn) {
  const auto collector = begun(settings());
  Pages pages;
  delivered(*collector, asked(*collector, kNow), pages.many(3, 0, kNow));
  delivered(*collector, asked(*collector, kNow + 4 * kSecond), pages.many(2, 10, kNow));
  delivered(*collector, asked(*collector, kNow + 8 * kSecond), pages.of({}));
  const int64_t poll = idle_until(*collector, kNow + 9 * kSecond);
  delivered(*collector, asked(*collector, poll), pages.many(4, 0, kNow));
  EXPECT_EQ(asked(*collector, poll + 4 * kSecond).page, 1);
}

TEST(Collector, AnEmptyPageWithMoreBehindItIsNoEnd) {
  const auto collector = begun(settings());
  Pages pages;
  delivered(*collector, asked(*collector, kNow), pages.of({}, true));
  EXPECT_EQ(asked(*collector, kNow + 4 * kSecond).page, 1);
}

TEST(Collector, ASlipOfTheServerHidesNothing) {
  const auto collector = begun(settings());
  Pages pages;
  const Page first = pages.many(50, 0, kNow, true);
  delivered(*collector, asked(*collector, kNow), first);
  delivered(*collector, asked(*collector, kNow), first);
  EXPECT_EQ(delivered(*collector, asked(*collector, kNow), pages.many(9, 50, kNow, false)), 9U);
  EXPECT_EQ(idle_until(*collector, kNow), kNow + 60 * kSecond);
}

TEST(Collector, AWindowOfThePastThatMovedIsReadOnceMore) {
  const auto collector = begun(with_backfill(kNow - 86'400 * kSecond));
  Pages pages;
  delivered(*collector, asked(*collector, kNow), pages.of({}, false));  // the late sweep
  const int64_t past = kNow - 50'000 * kSecond;
  const PageRequest first = asked(*collector, kNow);
  ASSERT_EQ(first.kind, SweepKind::kBackfill);
  delivered(*collector, first, pages.many(50, 0, past, true));
  EXPECT_EQ(delivered(*collector, asked(*collector, kNow), pages.many(50, 49, past, false)), 49U);
  EXPECT_EQ(asked(*collector, kNow).page, 0) << "a record showed twice, so another may be hidden";
  delivered(*collector, asked(*collector, kNow), pages.many(50, 0, past, true));
  EXPECT_EQ(delivered(*collector, asked(*collector, kNow), pages.many(51, 49, past, false)), 1U);
  EXPECT_EQ(idle_until(*collector, kNow), kNow + 60 * kSecond);
  EXPECT_EQ(collector->progress(), 10'000);
}

TEST(Collector, ARecordWithoutTimeIsDeliveredOnceOnBothSidesOfTheSplit) {
  CollectorSettings with = with_backfill(kNow - 86'400 * kSecond);
  with.late_arrival_window_ns = 60 * kSecond;
  const auto collector = begun(with);
  Pages pages;
  const auto timeless = [&](const char* id) {
    return pages.of({{id, CONNECTOR_TIME_UNKNOWN}}, false);
  };
  EXPECT_EQ(delivered(*collector, asked(*collector, kNow), timeless("1")), 1U);
  EXPECT_EQ(delivered(*collector, asked(*collector, kNow), pages.many(1, 9, 0, true)), 0U);
  for (int64_t late_s = 600; late_s < 3'600; late_s += 600) {  // what they forget, the split keeps
    const PageRequest late = asked(*collector, kNow + late_s * kSecond);
    ASSERT_EQ(late.kind, SweepKind::kLate);
    delivered(*collector, late, pages.of({}, false));
  }
  const PageRequest past = asked(*collector, kNow + 3'001 * kSecond);
  ASSERT_EQ(past.kind, SweepKind::kBackfill);
  EXPECT_EQ(delivered(*collector, past, timeless("1")), 0U);
  const PageRequest back = asked(*collector, kNow + 3'002 * kSecond);
  EXPECT_EQ(back.page, 0) << "whether the oldest record is still there";
  EXPECT_EQ(delivered(*collector, back, pages.many(1, 9, 0, true)), 0U);
  EXPECT_EQ(collector->progress(), 10'000);
}

TEST(Collector, WhatAnOpenSweepCanShowAgainIsRemembered) {
  const auto collector = begun(settings());
  Pages pages;
  delivered(*collector, asked(*collector, kNow), pages.of({}, false));
  int64_t now = kNow + 86'400 * kSecond;  // down for a day
  const int64_t oldest = now - 5'399 * kSecond;
  PageRequest request = asked(*collector, now);
  int fresh = 0;
  for (int late = 0; late < 4; now += 4 * kSecond, request = asked(*collector, now)) {
    const bool is_late = request.kind == SweepKind::kLate;
    late += is_late ? 1 : 0;
    if (is_late) {
      delivered(*collector, request, pages.of({}, false));
    } else {
      const int64_t time = fresh == 0 ? oldest : now;
      delivered(*collector, request, pages.many(1, fresh++, time, true));
    }
  }
  ASSERT_EQ(request.kind, SweepKind::kFresh);
  ASSERT_GT(fresh, 5);
  EXPECT_EQ(delivered(*collector, request, pages.many(1, 0, oldest, true)), 0U);
}

TEST(Collector, AFutureRecordIsDeliveredAndMovesNothing) {
  const auto collector = begun(settings());
  Pages pages;
  const int64_t watermark = collector->watermark_ns();
  EXPECT_EQ(delivered(*collector, asked(*collector, kNow),
                      pages.of({{"1", kNow + 86'400 * kSecond}}, false)),
            1U);
  EXPECT_EQ(collector->watermark_ns(), watermark);
  const int64_t poll = idle_until(*collector, kNow);
  EXPECT_EQ(delivered(*collector, asked(*collector, poll),
                      pages.of({{"1", kNow + 86'400 * kSecond}, {"2", kNow + kSecond}}, false)),
            1U);
}

TEST(Collector, AClockAheadOfTheServersVouchesForNothing) {
  const auto collector = begun(settings());
  Pages pages;
  const int64_t ahead = kNow + 1'000 * kSecond;
  delivered(*collector, asked(*collector, ahead), pages.of({}, false), kNow + 700 * kSecond);
  const int64_t poll = idle_until(*collector, ahead);
  EXPECT_EQ(asked(*collector, poll).start_s, kNowS - 1) << "from the answer's time, less a window";
}

TEST(Collector, ABackfillStartInTheFutureWaits) {
  const auto collector = begun(with_backfill(kNow + 3'600 * kSecond));
  EXPECT_EQ(idle_until(*collector, kNow), kNow + 3'600 * kSecond);
  EXPECT_EQ(collector->progress(), CONNECTOR_PROGRESS_UNKNOWN);
  EXPECT_LE(collector->watermark_ns(), kNow);
  Pages pages;
  const PageRequest first = asked(*collector, kNow + 3'600 * kSecond);
  EXPECT_EQ(delivered(*collector, first,
                      pages.of({{"1", kNow + 3'599 * kSecond}, {"2", kNow + 3'600 * kSecond}})),
            1U);
}

TEST(Collector, AStartYearsBackIsObeyedTo1970) {
  for (const int64_t days : {15'000, 30'000}) {
    CollectorSettings with = settings();
    with.backfill_start_relative = true;
    with.backfill_start_text = "-" + std::to_string(days) + "d";
    with.backfill_start_ns = days * 86'400 * kSecond;
    const auto collector = begun(with);
    Pages pages;
    delivered(*collector, asked(*collector, kNow), pages.of({}, false));
    EXPECT_EQ(asked(*collector, kNow).start_s, std::max<int64_t>(0, kNowS - days * 86'400 - 1));
  }
}

TEST(Collector, ARunThatEndsAsksOneLateSweepAndThenIsIdle) {
  std::string checkpoint = begun(once())->checkpoint();
  for (int run = 0; run < 3; ++run) {
    Result<std::unique_ptr<Collector>> made = Collector::make(once(), checkpoint);
    ASSERT_TRUE(made);
    Pages pages;
    for (int page = 0; page < 7; ++page) {
      const PageRequest request = asked(**made, kNow + page * 20 * kSecond);
      EXPECT_EQ(request.kind, SweepKind::kLate);
      EXPECT_EQ(request.page, page);
      delivered(**made, request, pages.many(50, page * 50, kNow, page < 6));
    }
    EXPECT_GT(idle_until(**made, kNow + 500 * kSecond), kNow + 500 * kSecond);
    checkpoint = (*made)->checkpoint();
  }
}

TEST(Collector, ACrowdedWindowOfThePastIsReadInSmallerOnes) {
  const auto collector = begun(with_backfill(kNow - 86'400 * kSecond));
  Pages pages;
  delivered(*collector, asked(*collector, kNow), pages.of({}, false));
  PageRequest request = asked(*collector, kNow);
  const int64_t end = request.end_s;
  for (int page = 0; page < 40 && request.end_s == end; ++page) {
    Page full;
    for (int i = 0; i < 50; ++i)
      pages.add(full, std::to_string(page * 50 + i) + std::string(1'000, 'x'),
                kNow - 50'000 * kSecond);
    full.has_next = true;
    delivered(*collector, request, full);
    request = asked(*collector, kNow);
  }
  EXPECT_EQ(request.kind, SweepKind::kBackfill);
  EXPECT_EQ(request.page, 0);
  EXPECT_EQ(request.start_s, kNowS - 86'400 - 1) << "from where it stood";
  EXPECT_LE(request.end_s - request.start_s, (86'400 - 5'400) / 4 + 1);
}

}  // namespace
}  // namespace aikido
