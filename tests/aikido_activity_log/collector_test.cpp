// The collector's single rules, one question and answer at a time.
#include "plugins/aikido_activity_log/collector.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <numeric>

namespace aikido {
namespace {

constexpr int64_t kSecond = kNsPerSecond;
constexpr int64_t kNowS = 1'700'000'000;
constexpr int64_t kNow = kNowS * kSecond;

CollectorSettings settings() {
  CollectorSettings settings;
  settings.identity = "https://app.aikido.dev";
  settings.client_id = "AIK_CLIENT_a";
  settings.poll_interval_ns = 60 * kSecond;
  settings.late_arrival_window_ns = 5'400 * kSecond;
  settings.late_check_interval_ns = 600 * kSecond;
  settings.request_interval_ns = 10 * kSecond / 3;
  return settings;
}

// No fresh sweep comes between the pages of a late one.
CollectorSettings once() {
  CollectorSettings once = settings();
  once.run_once = true;
  return once;
}

CollectorSettings with_backfill(int64_t start_ns) {
  CollectorSettings with = settings();
  with.backfill_start_ns = start_ns;
  with.backfill_start_text = "2023-11-01";
  return with;
}

std::unique_ptr<Collector> begun(const CollectorSettings& with, int64_t now_ns = kNow) {
  Result<std::unique_ptr<Collector>> made = Collector::make(with, {});
  EXPECT_TRUE((*made)->first_run());
  (*made)->begin(now_ns);
  EXPECT_FALSE((*made)->first_run());
  return *std::move(made);
}

// A page of records with the ids and times given; its texts live as long as it.
struct Pages {
  std::deque<std::string> texts;
  Page of(std::initializer_list<std::pair<const char*, int64_t>> records,
          std::optional<bool> has_next = std::nullopt) {
    Page page;
    for (const auto& [id, time_ns] : records) add(page, id, time_ns);
    page.has_next = has_next;
    return page;
  }
  // `count` records, `first` and those after it, one a second from `time_ns` on.
  Page many(int count, int first, int64_t time_ns, std::optional<bool> has_next = std::nullopt) {
    Page page;
    for (int i = 0; i < count; ++i) add(page, std::to_string(first + i), time_ns + i * kSecond);
    page.has_next = has_next;
    return page;
  }
  void add(Page& page, const std::string& id, int64_t time_ns) {
    texts.push_back(id);
    page.records.push_back({texts.back(), texts.back(), true, time_ns});
    page.fingerprint = page.fingerprint * 31 + std::hash<std::string>()(id) + 1;
  }
};

PageRequest asked(Collector& collector, int64_t now_ns) {
  const auto next = collector.next(now_ns);
  EXPECT_TRUE(std::holds_alternative<PageRequest>(next));
  const PageRequest* request = std::get_if<PageRequest>(&next);
  return request ? *request : PageRequest();
}

int64_t idle_until(Collector& collector, int64_t now_ns) {
  const auto next = collector.next(now_ns);
  EXPECT_TRUE(std::holds_alternative<Idle>(next));
  const Idle* idle = std::get_if<Idle>(&next);
  return idle ? idle->until_ns : 0;
}

size_t delivered(Collector& collector, const PageRequest& request, const Page& page,
                 int64_t answer_ns = INT64_MAX) {
  const Result<Accepted> accepted = collector.accept(request, page, answer_ns);
  EXPECT_TRUE(accepted) << accepted.error().text;
  return accepted ? accepted->deliver.size() : 0;
}

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

TEST(Collector, PagesThatNeverEndAreAProtocolErrorAndChangeNothing) {
  const auto collector = begun(once());
  Pages pages;
  for (int page = 0; page < 999; ++page)
    delivered(*collector, asked(*collector, kNow + 1), pages.of({}, true));
  const std::string before = collector->checkpoint();
  for (int i = 0; i < 2; ++i) {
    const PageRequest request = asked(*collector, kNow + 1);
    EXPECT_EQ(request.page, 999);
    const Result<Accepted> refused = collector->accept(request, pages.of({}, true), kNow);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().status, Status::kProtocol);
    EXPECT_EQ(collector->checkpoint(), before);
  }
  EXPECT_EQ(delivered(*collector, asked(*collector, kNow + 1), pages.of({{"1", kNow}}, false)), 1U);
}

TEST(Collector, PagesThatDoNotMoveAreAProtocolError) {
  const auto collector = begun(once());
  Pages pages;
  const Page page = pages.many(50, 0, kNow);
  EXPECT_EQ(delivered(*collector, asked(*collector, kNow), page), 50U);
  for (const int64_t expected : {1, 1, 2}) {  // the first repeat is asked for once more
    const PageRequest request = asked(*collector, kNow);
    EXPECT_EQ(request.page, expected);
    EXPECT_EQ(delivered(*collector, request, page), 0U);
  }
  const std::string before = collector->checkpoint();
  const Result<Accepted> refused = collector->accept(asked(*collector, kNow), page, kNow);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().status, Status::kProtocol);
  EXPECT_EQ(collector->checkpoint(), before);
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

TEST(Collector, RepeatsWithoutEndAreAProtocolError) {
  const auto collector = begun(once());
  Pages pages;
  const Page odd = pages.many(50, 0, kNow, true);
  const Page even = pages.many(50, 50, kNow, true);
  for (int page = 0; page < 2'000; ++page) {
    const PageRequest request = asked(*collector, kNow);
    const Result<Accepted> accepted = collector->accept(request, page % 2 ? odd : even, kNow);
    if (accepted) continue;
    EXPECT_EQ(accepted.error().status, Status::kProtocol);
    EXPECT_GT(page, 1'000);
    return;
  }
  FAIL() << "two pages in turn went on for ever";
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

TEST(Collector, ACheckpointOfOthersIsRefusedWithTheRemedies) {
  const std::string checkpoint = begun(settings())->checkpoint();
  CollectorSettings other = settings();
  other.identity = "https://app.us.aikido.dev";
  Result<std::unique_ptr<Collector>> refused = Collector::make(other, checkpoint);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().status, Status::kCheckpoint);
  for (const char* part : {"app.us.aikido.dev", "state reset", "replaces_client_id"})
    EXPECT_NE(refused.error().text.find(part), std::string::npos) << refused.error().text;

  other = settings();
  other.client_id = "AIK_CLIENT_b";
  refused = Collector::make(other, checkpoint);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().status, Status::kCheckpoint);
  for (const char* part : {"AIK_CLIENT_a", "AIK_CLIENT_b", "state reset", "replaces_client_id"})
    EXPECT_NE(refused.error().text.find(part), std::string::npos) << refused.error().text;

  other.replaces_client_id = "AIK_CLIENT_a";
  const Result<std::unique_ptr<Collector>> taken_over = Collector::make(other, checkpoint);
  ASSERT_TRUE(taken_over);
  const std::string own = (*taken_over)->checkpoint();
  EXPECT_TRUE(Collector::make(other, own)) << "the setting may stay";
  EXPECT_FALSE(Collector::make(settings(), own)) << "the former credentials are replaced";
}

TEST(Collector, AChangedBackfillStartIsRemarked) {
  const std::string checkpoint = begun(settings())->checkpoint();
  EXPECT_EQ((*Collector::make(settings(), checkpoint))->remark(), "");
  const Result<std::unique_ptr<Collector>> changed =
      Collector::make(with_backfill(kNow - 3'600 * kSecond), checkpoint);
  ASSERT_TRUE(changed);
  EXPECT_NE((*changed)->remark().find("2023-11-01"), std::string::npos);
  EXPECT_EQ(asked(**changed, kNow).start_s, kNowS - 1);
}

TEST(Collector, FullOfIdsItSaysWhatToLowerAndLosesNothing) {
  const auto collector = begun(settings());
  Pages pages;
  bool warned = false;
  for (int page = 0; page < 2'000; ++page) {
    Page full;
    for (int i = 0; i < 50; ++i)  // a kibibyte each, nothing shared
      pages.add(full, std::to_string(page * 50 + i) + std::string(1'000, 'x'), kNow);
    full.has_next = true;
    const std::string before = collector->checkpoint();
    const Result<Accepted> accepted = collector->accept(asked(*collector, kNow), full, kNow);
    ASSERT_LT(before.size(), size_t{4} << 20);
    if (accepted) {
      warned |= !collector->notice().empty();
      pages.texts.clear();
      continue;
    }
    EXPECT_EQ(accepted.error().status, Status::kConfig);
    EXPECT_NE(accepted.error().text.find("late_arrival_window"), std::string::npos);
    EXPECT_EQ(collector->checkpoint(), before);
    EXPECT_TRUE(warned);
    return;
  }
  FAIL() << "it grew for ever";
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

TEST(Collector, SurvivesSettingsAndTimesBeyondAllSense) {
  CollectorSettings with = settings();
  with.poll_interval_ns = with.late_arrival_window_ns = with.late_check_interval_ns = INT64_MAX;
  with.request_interval_ns = INT64_MAX;
  with.backfill_start_text = "never";
  for (const int64_t start : {INT64_MIN, int64_t{0}, INT64_MAX}) {
    with.backfill_start_ns = start;
    for (const int64_t now : {INT64_MIN, int64_t{0}, kNow, INT64_MAX}) {
      const auto collector = begun(with, now);
      Pages pages;
      for (int i = 0; i < 20; ++i) {
        const auto next = collector->next(i % 2 ? now : kNow);
        if (const PageRequest* request = std::get_if<PageRequest>(&next))
          (void)collector->accept(*request,
                                  pages.of({{"1", INT64_MAX}, {"2", INT64_MIN + 1}, {"3", kNow}}),
                                  i % 3 ? INT64_MIN : INT64_MAX);
        EXPECT_TRUE(Collector::make(with, collector->checkpoint()));
        EXPECT_LE(collector->progress(), 10'000);
        (void)collector->watermark_ns();
        (void)collector->notice();
      }
    }
  }
}

}  // namespace
}  // namespace aikido
