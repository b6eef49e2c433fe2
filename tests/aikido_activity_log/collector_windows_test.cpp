// Windows of the past: what a crowded time behind a gap costs, and that none of it stops anything.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <map>

#include "tests/aikido_activity_log/collector_questions.hpp"

namespace aikido {
namespace {

constexpr int64_t kDayS = 86'400;

// A record each `step_s` of the last days, behind days without any.
struct History {
  int64_t empty_days = 0;
  int64_t crowded_days = 0;
  int64_t step_s = 0;
  bool ascending = true;
  std::function<std::string(int64_t)> id = [](int64_t number) { return std::to_string(number); };

  int64_t from_s() const { return kNowS - crowded_days * kDayS; }
  // The last of the page's numbers first where it descends; `matches` is what the filter leaves.
  Page page(Pages& pages, const PageRequest& request, bool matches) const {
    const int64_t low = (std::max(request.start_s, from_s()) + step_s - 1) / step_s;
    const int64_t high = request.end_s / step_s;
    const int64_t skip = request.page * kRecordsPerPage;
    Page page;
    for (int64_t i = skip; i < skip + kRecordsPerPage && low + i <= high && matches; ++i) {
      const int64_t number = ascending ? low + i : high - i;
      pages.add(page, id(number), number * step_s * kSecond);
    }
    page.has_next = low + skip + kRecordsPerPage <= high;
    return page;
  }
};

struct Outcome {
  int64_t requests = 0;
  int64_t records = 0;
  size_t greatest_checkpoint = 0;
  // Of the progress, against the share that the delivered records have of the time.
  double most_ahead = 0;
  double most_behind = 0;
  std::string refusal;
};

// The share of the backfill's time that is read, where the empty days are.
double share_read(const History& history, int64_t records) {
  const auto empty_s = static_cast<double>(history.empty_days * kDayS);
  const auto crowded_s = static_cast<double>(history.crowded_days * kDayS - 5'400);
  return (empty_s + static_cast<double>(records * history.step_s)) / (empty_s + crowded_s);
}

// Reads the history to its end, unless an answer is refused.
Outcome read(const History& history, bool matches = true) {
  const auto collector =
      begun(with_backfill((history.from_s() - history.empty_days * kDayS) * kSecond));
  Outcome outcome;
  int64_t now = kNow;
  while (collector->progress() < 10'000 && outcome.requests < 100'000) {
    now += 4 * kSecond;
    const auto next = collector->next(now);
    if (std::holds_alternative<Idle>(next)) continue;
    const auto request = std::get<PageRequest>(next);
    const bool backfill = request.kind == SweepKind::kBackfill;
    Pages pages;
    const Page page = backfill ? history.page(pages, request, matches) : pages.of({}, false);
    const Result<Accepted> accepted = collector->accept(request, page, now);
    if (!accepted) {
      outcome.refusal = accepted.error().text;
      break;
    }
    outcome.requests += backfill ? 1 : 0;
    outcome.records += static_cast<int64_t>(accepted->deliver.size());
    outcome.greatest_checkpoint =
        std::max(outcome.greatest_checkpoint, collector->checkpoint().size());
    const double ahead = collector->progress() / 1e4 - share_read(history, outcome.records);
    outcome.most_ahead = std::max(outcome.most_ahead, ahead);
    outcome.most_behind = std::max(outcome.most_behind, -ahead);
  }
  return outcome;
}

std::string like_a_uuid(int64_t number) {
  const uint64_t mixed = static_cast<uint64_t>(number) * 0x9E37'79B9'7F4A'7C15;
  char text[64];
  std::snprintf(text, sizeof text, "\"%016llx-%016llx\"", static_cast<unsigned long long>(mixed),
                static_cast<unsigned long long>(mixed * 7'919));
  return text;
}

class CollectorWindows : public testing::TestWithParam<bool> {};

TEST_P(CollectorWindows, ACrowdedTimeBehindAGapCostsHardlyMoreThanItsPages) {
  for (const int64_t step_s : {432, 60})
    for (const bool text : {false, true}) {
      if (step_s == 60 && (text || GetParam())) continue;  // enough of what takes its time
      History history{600, 500, step_s, GetParam()};
      if (text) history.id = like_a_uuid;
      const Outcome outcome = read(history);
      EXPECT_EQ(outcome.refusal, "");
      const int64_t expected = (500 * kDayS - 5'400) / step_s;
      EXPECT_NEAR(static_cast<double>(outcome.records), static_cast<double>(expected), 1);
      EXPECT_LE(outcome.requests, expected / 50 * 101 / 100 + 60) << step_s << text;
      EXPECT_LT(outcome.greatest_checkpoint, size_t{1} << 20);
      RecordProperty("requests" + std::to_string(step_s) + (text ? "text" : "integer"),
                     static_cast<int>(outcome.requests));
    }
}

TEST_P(CollectorWindows, TheProgressIsTheShareOfTheTimeThatIsRead) {
  const Outcome after_an_empty_day = read({1, 30, 130, GetParam()});
  EXPECT_GT(after_an_empty_day.records, 19'000);
  EXPECT_LT(after_an_empty_day.most_ahead, 0.005) << "whatever the empty day let expect";
  EXPECT_LT(after_an_empty_day.most_behind, 0.07) << "what a window too wide had shown of later";
  const Outcome dense = read({0, 1, 20, GetParam()});
  EXPECT_GT(dense.records, 4'000);
  EXPECT_EQ(dense.requests, 1 + 82 + 1) << "it looks ahead, and not all before it has looked back";
  EXPECT_LT(dense.most_ahead, 0.005);
  EXPECT_LT(dense.most_behind, 0.005) << "within the first window, too";
}

#ifdef SANITIZED
constexpr int64_t kDaysOfLongIds = 3;  // the same windows, fewer of them
#else
constexpr int64_t kDaysOfLongIds = 40;
#endif

TEST_P(CollectorWindows, IdsOfAnyLengthFit) {
  for (const size_t size : {50, 250, 2'000}) {
    History history{600, kDaysOfLongIds, 60, GetParam()};
    history.id = [size](int64_t number) {
      const auto letter = static_cast<char>('a' + number % 26);
      return std::to_string(number * 7'919 % 1'000'003) + std::string(size, letter) +
             std::to_string(number);
    };
    const Outcome outcome = read(history);
    EXPECT_EQ(outcome.refusal, "") << size;
    const auto records = static_cast<double>(kDaysOfLongIds * kDayS - 5'400) / 60;
    EXPECT_NEAR(static_cast<double>(outcome.records), records, 1);
    EXPECT_LT(outcome.greatest_checkpoint, kMostCheckpoint);
  }
}

// Filtered after paging, and nothing matches: empty pages with more behind them.
TEST_P(CollectorWindows, AHistoryInWhichNothingMatchesIsReadThrough) {
  const Outcome outcome = read({750, 1'250, 60, GetParam()}, false);
  EXPECT_EQ(outcome.refusal, "");
  EXPECT_EQ(outcome.records, 0);
  EXPECT_LE(outcome.requests, 1'250 * kDayS / 60 / 50 * 103 / 100);
}

INSTANTIATE_TEST_SUITE_P(EitherOrder, CollectorWindows, testing::Bool());

// The three oldest records pass the server's retention, one at each page.
TEST(CollectorWindows, RetentionThatMovesOnHidesNothing) {
  for (const bool ascending : {true, false}) {
    const int64_t begin = kNow - 2 * kDayS * kSecond;
    const auto collector = begun(with_backfill(begin));
    int gone = 0;
    std::map<int, int> got;
    int requests = 0;
    int64_t now = kNow;
    while (collector->progress() < 10'000) {
      now += 4 * kSecond;
      const auto next = collector->next(now);
      if (std::holds_alternative<Idle>(next)) continue;
      const auto request = std::get<PageRequest>(next);
      std::vector<int> listed;
      for (int number = gone; number < 400; ++number) {
        const int64_t time_s = begin / kSecond + number * 60;
        if (time_s >= request.start_s && time_s <= request.end_s) listed.push_back(number);
      }
      if (!ascending) std::reverse(listed.begin(), listed.end());
      Pages pages;
      Page page;
      const auto from = static_cast<size_t>(request.page) * kRecordsPerPage;
      for (size_t i = from; i < std::min<size_t>(listed.size(), from + kRecordsPerPage); ++i)
        pages.add(page, std::to_string(listed[i]), begin + listed[i] * 60 * kSecond);
      page.has_next = from + kRecordsPerPage < listed.size();
      const Result<Accepted> accepted = collector->accept(request, page, now);
      ASSERT_TRUE(accepted);
      for (const size_t i : accepted->deliver) ++got[std::stoi(std::string(page.records[i].id))];
      if (request.kind != SweepKind::kBackfill) continue;
      ++requests;
      if (gone < 3) ++gone;
    }
    for (int number = 3; number < 400; ++number) EXPECT_EQ(got[number], 1) << number;
    EXPECT_EQ(requests, 1 + (ascending ? 9 + 1 + 8 : 9 + 1)) << "and the second day, empty";
  }
}

// The next question of the backfill; to all others nothing is found.
PageRequest backfill_question(Collector& collector, int64_t now_ns) {
  PageRequest request = asked(collector, now_ns);
  for (; request.kind != SweepKind::kBackfill; request = asked(collector, now_ns))
    delivered(collector, request, Page());
  return request;
}

TEST(CollectorWindows, AFarPageThatIsTheFirstOneIsNone) {
  const auto collector = begun(with_backfill(kNow - 2 * kDayS * kSecond));
  Pages pages;
  const int64_t time_ns = kNow - 2 * kDayS * kSecond + 60 * kSecond;
  const Page first = pages.many(50, 0, time_ns);
  const PageRequest window = backfill_question(*collector, kNow);
  EXPECT_EQ(delivered(*collector, window, first), 50U);
  const PageRequest second = backfill_question(*collector, kNow);
  EXPECT_EQ(delivered(*collector, second, pages.many(50, 50, time_ns)), 50U);
  const PageRequest far = backfill_question(*collector, kNow);
  EXPECT_TRUE(far.looks_ahead);
  EXPECT_EQ(far.page, 400);
  EXPECT_EQ(delivered(*collector, far, first), 0U);
  const PageRequest third = backfill_question(*collector, kNow);
  EXPECT_FALSE(third.looks_ahead);
  EXPECT_EQ(third.page, 2);
  EXPECT_EQ(third.end_s, window.end_s);
}

TEST(CollectorWindows, AListThatIsStuckIsNotTakenForACrowd) {
  for (const std::optional<bool> has_next : {std::optional<bool>(), std::optional<bool>(true)}) {
    const auto collector = begun(with_backfill(kNow - 2 * kDayS * kSecond));
    Pages pages;
    const int64_t time_ns = kNow - 2 * kDayS * kSecond + 60 * kSecond;
    const Page same = pages.many(50, 1, time_ns, has_next);
    int requests = 0;
    Result<Accepted> accepted = Accepted();
    for (; accepted && requests < 100; ++requests)
      accepted = collector->accept(backfill_question(*collector, kNow), same, kNow);
    EXPECT_FALSE(accepted);
    EXPECT_EQ(accepted.error().status, Status::kProtocol);
    EXPECT_LE(requests, 6);
  }
}

TEST(CollectorWindows, ASecondOfThePastThatIsTooFullIsRefusedAndNamed) {
  const auto collector = begun(with_backfill(kNow - 86'400 * kSecond));
  Pages pages;
  delivered(*collector, asked(*collector, kNow), pages.of({}, false));
  for (int page = 0; page < 1'000; ++page) {
    Page full;
    const PageRequest request = asked(*collector, kNow);
    for (int i = 0; i < 50; ++i)
      pages.add(full, std::to_string(page * 50 + i) + std::string(2'000, 'x'),
                (request.start_s + 1) * kSecond);
    full.has_next = true;
    const Result<Accepted> accepted = collector->accept(request, full, kNow);
    pages.texts.clear();
    if (accepted) continue;
    EXPECT_EQ(request.end_s - request.start_s, 2);
    EXPECT_EQ(accepted.error().status, Status::kConfig);
    EXPECT_NE(accepted.error().text.find("/backfill_start_time"), std::string::npos);
    return;
  }
  FAIL() << "it grew for ever";
}

}  // namespace
}  // namespace aikido
