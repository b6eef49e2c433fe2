// A checkpoint that is full of ids, and the remedy that the error names: a smaller window.
#include <gtest/gtest.h>

#include <map>

#include "tests/aikido_activity_log/collector_questions.hpp"

namespace aikido {
namespace {

// A record a second with a long id, for ever, on a server that sorts by time.
class Feed {
 public:
  Feed(int64_t from_s, size_t id_size) : from_s_(from_s), rest_of_id_(id_size, 'x') {}

  // One request; false when nothing is to be asked or the answer was refused.
  bool step(Collector& collector, int64_t now_ns) {
    const auto next = collector.next(now_ns);
    const PageRequest* request = std::get_if<PageRequest>(&next);
    if (!request) return false;
    Pages pages;
    Page page;
    int64_t at_s = std::max(from_s_, request->start_s) + request->page * kRecordsPerPage;
    const int64_t end_s = std::min(now_ns / kSecond, request->end_s);
    for (int i = 0; i < kRecordsPerPage && at_s <= end_s; ++i, ++at_s)
      pages.add(page, std::to_string(at_s) + rest_of_id_, at_s * kSecond);
    page.has_next = at_s <= end_s;
    const Result<Accepted> accepted = collector.accept(*request, page, now_ns);
    if (!accepted) {
      refusal = accepted.error().text;
      refused_ns = now_ns;
      collector.failed(*request, accepted.error(), now_ns, 60 * kSecond);
      return false;
    }
    for (const size_t index : accepted->deliver)
      ++delivered_[page.records[index].event_time_ns / kSecond];
    return true;
  }

  void expect_all_once(int64_t until_s) const {
    ASSERT_EQ(delivered_.begin()->first, from_s_);
    for (int64_t at_s = from_s_; at_s <= until_s; ++at_s) {
      const auto found = delivered_.find(at_s);
      ASSERT_NE(found, delivered_.end()) << at_s - from_s_;
      ASSERT_EQ(found->second, 1) << at_s - from_s_;
    }
  }
  size_t count() const { return delivered_.size(); }

  std::string refusal;
  int64_t refused_ns = 0;

 private:
  int64_t from_s_;
  std::string rest_of_id_;
  std::map<int64_t, int> delivered_;
};

CollectorSettings with_window(int64_t seconds) {
  CollectorSettings with = settings();
  with.late_arrival_window_ns = seconds * kSecond;
  return with;
}

// Until it is full, then again with the smaller window for two hours.
void fill_and_mend(Feed& feed, const CollectorSettings& great, const CollectorSettings& small) {
  auto collector = begun(great);
  int64_t now = kNow;
  for (; feed.refusal.empty() && now < kNow + 86'400 * kSecond; now += 4 * kSecond)
    feed.step(*collector, now);
  ASSERT_NE(feed.refusal.find("smaller late_arrival_window"), std::string::npos);
  const std::string full = collector->checkpoint();
  ASSERT_GT(full.size(), size_t{3} << 20);
  feed.refusal.clear();
  Result<std::unique_ptr<Collector>> mended = Collector::make(small, full);
  ASSERT_TRUE(mended);
  for (const int64_t end = now + 7'200 * kSecond; now < end; now += 4 * kSecond) {
    feed.step(**mended, now);
    ASSERT_EQ(feed.refusal, "");
  }
  EXPECT_LT((*mended)->checkpoint().size(), size_t{2} << 20);
  feed.expect_all_once(now / kSecond - 1'000);
}

TEST(CollectorFull, ASmallerWindowMendsItAndLosesNothing) {
  Feed feed(kNowS, 1'000);
  fill_and_mend(feed, with_window(86'400), with_window(600));
}

TEST(CollectorFull, AlsoWhereNoLateSweepEverReachedItsEnd) {
  CollectorSettings great = with_window(86'400);
  CollectorSettings small = with_window(600);
  for (CollectorSettings* each : {&great, &small}) {
    each->backfill_start_ns = kNow - 86'400 * kSecond;
    each->backfill_start_text = "2023-11-13";
  }
  Feed feed(kNowS - 80'000, 400);
  auto collector = begun(great);
  int64_t now = kNow;
  for (; feed.refusal.empty() && now < kNow + 86'400 * kSecond; now += kSecond / 10)
    feed.step(*collector, now);
  ASSERT_NE(feed.refusal, "");
  Result<std::unique_ptr<Collector>> mended = Collector::make(small, collector->checkpoint());
  const int64_t mended_ns = now;
  for (const int64_t end = now + 14'400 * kSecond; now < end; now += kSecond)
    feed.step(**mended, now);
  EXPECT_LT(feed.refused_ns, mended_ns + 7'200 * kSecond) << "only until there is room";
  feed.expect_all_once(now / kSecond - 1'000);
}

TEST(CollectorFull, WhatIsKnownIsStillReadWhereItIsFull) {
  const auto collector = begun(settings());
  Pages pages;
  int first = 0;
  for (;; first += 50) {
    Page page;
    for (int i = 0; i < 50; ++i)
      pages.add(page, std::to_string(first + i) + std::string(1'000, 'x'), kNow);
    page.has_next = true;
    if (!collector->accept(asked(*collector, kNow), page, kNow)) break;
  }
  Page known;
  for (int i = 0; i < 50; ++i) pages.add(known, std::to_string(i) + std::string(1'000, 'x'), kNow);
  known.has_next = false;
  EXPECT_EQ(delivered(*collector, asked(*collector, kNow), known), 0U);
}

TEST(CollectorFull, AWindowThatStaysForgetsNoOpenSweep) {
  const auto collector = begun(settings());
  Pages pages;
  int64_t now = kNow;
  for (int late = 0; late < 2; ++late, now += 600 * kSecond)
    delivered(*collector, asked(*collector, now), pages.of({}, false));
  delivered(*collector, asked(*collector, now), pages.many(50, 0, kNow, true));
  const std::string open = collector->checkpoint();
  EXPECT_EQ((*Collector::make(settings(), open))->checkpoint(), open);
  EXPECT_EQ(asked(**Collector::make(settings(), open), now).page, 1);
  EXPECT_EQ(asked(**Collector::make(with_window(60), open), now).page, 0) << "begun anew";
}

}  // namespace
}  // namespace aikido
