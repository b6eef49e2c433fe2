// What the collector refuses, with cause and remedy and without losing anything.
#include <gtest/gtest.h>

#include <functional>

#include "plugins/aikido_activity_log/checkpoint.hpp"
#include "tests/aikido_activity_log/collector_questions.hpp"

namespace aikido {
namespace {

TEST(CollectorRefusals, PagesThatNeverEndAreAProtocolErrorAndChangeNothing) {
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

TEST(CollectorRefusals, PagesThatDoNotMoveAreAProtocolError) {
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

TEST(CollectorRefusals, RepeatsWithoutEndAreAProtocolError) {
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

TEST(CollectorRefusals, ACheckpointOfOthersIsRefusedWithTheRemedies) {
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
  other.client_id = "s3cr3t-of-somebody";
  const std::string swapped = Collector::make(other, checkpoint).error().text;
  EXPECT_EQ(swapped.find("s3cr3t"), std::string::npos) << swapped;

  other.replaces_client_id = "AIK_CLIENT_a";
  const Result<std::unique_ptr<Collector>> taken_over = Collector::make(other, checkpoint);
  ASSERT_TRUE(taken_over);
  const std::string own = (*taken_over)->checkpoint();
  EXPECT_TRUE(Collector::make(other, own)) << "the setting may stay";
  EXPECT_FALSE(Collector::make(settings(), own)) << "the former credentials are replaced";
}

TEST(CollectorRefusals, AChangedBackfillStartIsRemarked) {
  const std::string checkpoint = begun(settings())->checkpoint();
  EXPECT_EQ((*Collector::make(settings(), checkpoint))->remark(), "");
  const Result<std::unique_ptr<Collector>> changed =
      Collector::make(with_backfill(kNow - 3'600 * kSecond), checkpoint);
  ASSERT_TRUE(changed);
  EXPECT_NE((*changed)->remark().find("2023-11-01"), std::string::npos);
  EXPECT_EQ(asked(**changed, kNow).start_s, kNowS - 1);
}

// One sweep that never ends, of ids that `id` makes, until it is refused.
void expect_full(const std::function<std::string(int)>& id, const SeenAmount& least) {
  const auto collector = begun(settings());
  bool warned = false;
  for (int first = 0; first < 600'000; first += 50) {
    Pages pages;
    Page full;
    for (int i = 0; i < 50; ++i) pages.add(full, id(first + i), kNow);
    full.has_next = true;
    const PageRequest request = asked(*collector, kNow);
    const Result<Accepted> accepted = collector->accept(request, full, kNow);
    warned |= !collector->notice().empty();
    if (accepted) continue;
    EXPECT_EQ(accepted.error().status, Status::kConfig);
    for (const char* part : {"/late_arrival_window: ", "smaller late_arrival_window", "500,000"})
      EXPECT_NE(accepted.error().text.find(part), std::string::npos) << accepted.error().text;
    EXPECT_TRUE(warned);
    EXPECT_EQ(asked(*collector, kNow).page, request.page) << "nothing is skipped";
    const Result<CheckpointData> read = decode(collector->checkpoint());
    ASSERT_TRUE(read) << "what it wrote can be read";
    EXPECT_EQ(read->live.size(), static_cast<size_t>(first));
    EXPECT_FALSE(read->seen_amount().within(least));
    EXPECT_TRUE(read->seen_amount().within(kMostSeen));
    return;
  }
  FAIL() << "it grew for ever";
}

TEST(CollectorRefusals, FullOfIdsItSaysWhatToLowerAndLosesNothing) {
  const std::string text(1'000, 'x');
  constexpr SeenAmount kAny;
  expect_full([&](int i) { return std::to_string(i) + text; }, kAny);  // shares nothing
  constexpr SeenAmount kNearlyTheMostIds{kMostSeen.entries - 100, kMostSeen.text};
  expect_full([](int i) { return std::to_string(i); }, kNearlyTheMostIds);
  constexpr SeenAmount kNearlyTheMostText{kMostSeen.entries, kMostSeen.text - 200'000};
  expect_full([&](int i) { return text + std::to_string(i); }, kNearlyTheMostText);
}

// The backfill's ids are longer, but few beside the others.
TEST(CollectorRefusals, FullOfIdsItNamesTheSideThatHoldsMostOfThem) {
  const CollectorSettings with = with_backfill(kNow - 3'600 * kSecond);
  CheckpointData data = *decode(begun(with)->checkpoint());
  const std::string text(40, 'x');
  for (int i = 0; i < 30'000; ++i)
    data.past.add({std::to_string(i) + text, false, false, false, data.backfill_s});
  for (size_t i = data.past.size() + 20; i < kMostSeen.entries; ++i)
    data.live.add({std::to_string(i), false, false, false, kNowS});
  ASSERT_GT(data.past.encoded().size(), data.live.encoded().size());
  const std::unique_ptr<Collector> collector = *Collector::make(with, encode(data));
  Pages pages;
  Page page;
  for (int i = 0; i < 50; ++i) pages.add(page, std::to_string(1'000'000 + i), kNow);
  const Result<Accepted> accepted = collector->accept(asked(*collector, kNow), page, kNow);
  ASSERT_FALSE(accepted);
  EXPECT_EQ(accepted.error().text.find("/late_arrival_window: "), 0U) << accepted.error().text;
}

TEST(CollectorRefusals, AnAnswerFromBeforeAllTimeMakesNoRecordLater) {
  const auto collector = begun(settings());
  Pages pages;
  for (const int64_t now : {kNow, kNow + 300 * kSecond})
    delivered(*collector, asked(*collector, now), pages.of({}, false));
  const int64_t now = kNow + 600 * kSecond;
  const Page page = pages.of({{"1", kNow + 100 * kSecond}}, false);
  const Result<Accepted> accepted = collector->accept(asked(*collector, now), page, INT64_MIN);
  ASSERT_TRUE(accepted);
  EXPECT_EQ(accepted->late, 1);
  EXPECT_EQ(accepted->greatest_lateness_ns, 0);
}

TEST(CollectorRefusals, SurvivesSettingsAndTimesBeyondAllSense) {
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
