// A listing is what a plain reading of the switches gives, whatever index is behind it.
#include "tests/fake_aikido/organisation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <tuple>

#include "tests/fake_aikido/activity.hpp"
#include "tests/fake_aikido/clock.hpp"

namespace fake_aikido {
namespace {

// The same, said naively: every record is looked at for every request.
class Naive {
 public:
  std::vector<Record> records;

  std::vector<std::string> list(const PageQuery& query, const Switches& switches, int64_t now_ns,
                                bool* has_next) const {
    std::vector<const Record*> all;
    for (const Record& record : records)
      if (record.visible_ns <= now_ns && in_window(record, query, switches, now_ns) &&
          (switches.filter_after_paging || matches(record, query, switches)))
        all.push_back(&record);
    std::stable_sort(all.begin(), all.end(), [&](const Record* left, const Record* right) {
      return key(*left, switches) < key(*right, switches);
    });
    std::vector<std::string> texts;
    const auto begin = static_cast<size_t>(query.page * query.per_page);
    const size_t end = begin + static_cast<size_t>(query.per_page);
    for (size_t at = begin; at < std::min(end, all.size()); ++at)
      if (matches(*all[at], query, switches)) texts.push_back(all[at]->text);
    *has_next = all.size() > end;
    return texts;
  }

 private:
  static bool in_window(const Record& record, const PageQuery& query, const Switches& switches,
                        int64_t now_ns) {
    const int64_t time_s = record.time_s;
    if (query.start_s &&
        (switches.start_inclusive ? time_s < *query.start_s : time_s <= *query.start_s))
      return false;
    if (query.end_s && (switches.end_inclusive ? time_s > *query.end_s : time_s >= *query.end_s))
      return false;
    return switches.retention_s == 0 || time_s >= now_ns / kSecond - switches.retention_s;
  }
  static bool matches(const Record& record, const PageQuery& query, const Switches& switches) {
    if (record.withheld) return false;
    const bool repository = record.repository_id == query.repository_id;
    const bool cloud = record.cloud_id == query.cloud_id;
    if (query.repository_id && query.cloud_id) {
      if (switches.both_id_filters ? !(repository && cloud) : !(repository || cloud)) return false;
    } else if ((query.repository_id && !repository) || (query.cloud_id && !cloud)) {
      return false;
    }
    if (query.by_aikido && *query.by_aikido != record.by_aikido) return false;
    const auto& actions = query.actions;
    if (!actions.empty() && std::count(actions.begin(), actions.end(), record.action) == 0)
      return false;
    return record.text.find(query.search) != std::string::npos;
  }
  static std::pair<int64_t, int64_t> key(const Record& record, const Switches& switches) {
    if (switches.order == Order::kById) return {0, record.number};
    const int64_t tie = switches.ties == Ties::kAscendingId ? record.number : -record.number;
    return {switches.order == Order::kAscending ? record.time_s : -record.time_s, tie};
  }
};

class World {
 public:
  explicit World(uint64_t seed) : random_(seed) {
    ActivityMaker maker({.seed = seed, .shape = Shape::kMixed, .late_fraction = 0.3});
    std::vector<Record> records;
    for (size_t count = pick(200) + 1; count > 0; --count) {
      records.push_back(maker.make(kBegin + static_cast<int64_t>(pick(kSpan))));
      records.back().withheld = withholds_ && pick(10) == 0;
    }
    naive.records = records;
    std::shuffle(records.begin(), records.end(), random_);
    organisation.add(std::move(records));
  }

  Switches switches() {
    Switches made;
    made.order = std::array{Order::kAscending, Order::kDescending, Order::kById}[pick(3)];
    made.ties = std::array{Ties::kAscendingId, Ties::kDescendingId}[pick(2)];
    made.start_inclusive = pick(2);
    made.end_inclusive = pick(2);
    made.filter_after_paging = pick(2);
    made.both_id_filters = pick(2);
    made.retention_s = pick(4) ? 0 : static_cast<int64_t>(pick(kSpan));
    return made;
  }

  PageQuery query() {
    PageQuery made;
    made.per_page = static_cast<int64_t>(pick(50)) + 1;
    if (pick(4)) made.start_s = kBegin + static_cast<int64_t>(pick(kSpan));
    if (pick(4)) made.end_s = made.start_s.value_or(kBegin) + static_cast<int64_t>(pick(kSpan));
    if (!pick(4)) made.repository_id = 1000 + static_cast<int64_t>(pick(3));
    if (!pick(4)) made.cloud_id = 500 + static_cast<int64_t>(pick(2));
    if (!pick(4)) made.by_aikido = pick(2);
    if (!pick(4)) made.actions = {"closed", "auto_ignored"};
    if (!pick(4)) made.search = "acme";
    return made;
  }

  int64_t later() { return now_ns_ += static_cast<int64_t>(pick(600)) * kSecond; }
  size_t pick(size_t below) { return random_() % below; }

  Organisation organisation;
  Naive naive;

 private:
  static constexpr int64_t kBegin = 1'700'000'000;
  static constexpr size_t kSpan = 3000;

  std::mt19937_64 random_;
  bool withholds_ = pick(2);
  int64_t now_ns_ = kBegin * kSecond;
};

TEST(Organisation, ListsWhatANaiveReadingDoes) {
  size_t shown = 0;
  for (uint64_t seed = 1; seed <= 100; ++seed) {
    World world(seed);
    for (int request = 0; request < 20; ++request) {
      const Switches switches = world.switches();
      PageQuery query = world.query();
      const int64_t now_ns = world.later();
      bool more = true;
      for (; more; ++query.page) {
        const auto expected = world.naive.list(query, switches, now_ns, &more);
        const Listed listed = world.organisation.list(query, switches, now_ns);
        const std::vector<std::string> texts(listed.texts.begin(), listed.texts.end());
        ASSERT_EQ(texts, expected) << "seed " << seed << " request " << request;
        ASSERT_EQ(listed.has_next, more) << "seed " << seed << " request " << request;
        shown += texts.size();
      }
    }
  }
  EXPECT_GT(shown, 15'000u);
}

TEST(Organisation, AScrambledOrderIsTheSameAtEveryRequest) {
  Organisation organisation;
  organisation.add(make_activity(500, 1'700'000'000, 1'700'001'000));
  Switches switches;
  switches.order = Order::kScrambled;
  const auto all = [&](int64_t per_page) {
    std::vector<std::string> texts;
    PageQuery query;
    query.per_page = per_page;
    for (bool more = true; more; ++query.page) {
      const Listed listed = organisation.list(query, switches, kNever);
      texts.insert(texts.end(), listed.texts.begin(), listed.texts.end());
      more = listed.has_next;
    }
    return texts;
  };
  const auto first = all(50);
  EXPECT_EQ(first.size(), 500u);
  EXPECT_EQ(all(7), first);
  switches.order = Order::kAscending;
  EXPECT_NE(all(50), first);
}

TEST(Organisation, ALateRecordShowsFromItsMomentOn) {
  Organisation organisation;
  organisation.add({.time_s = 100, .visible_ns = 200 * kSecond, .text = "late"});
  organisation.add({.time_s = 150, .visible_ns = 150 * kSecond, .text = "prompt"});
  organisation.add({.time_s = 160, .visible_ns = 0, .text = "secret", .withheld = true});
  EXPECT_EQ(organisation.list({}, {}, 200 * kSecond - 1).texts.size(), 1u);
  EXPECT_EQ(organisation.late(200 * kSecond - 1), 0u);
  EXPECT_EQ(organisation.list({}, {}, 200 * kSecond).texts.size(), 2u);
  EXPECT_EQ(organisation.visible(200 * kSecond), 2u);
  EXPECT_EQ(organisation.late(200 * kSecond), 1u);
  EXPECT_EQ(organisation.size(), 3u);
}

// With 100,000 records a request must not look at each: 10,000 of them would take minutes.
TEST(Organisation, ServesManyPagesOfAHugeHistory) {
  Organisation organisation;
  std::vector<Record> records;
  for (int64_t at = 0; at < 100'000; ++at)
    records.push_back({.time_s = at * 60, .visible_ns = 0, .number = at, .text = "{}"});
  organisation.add(std::move(records));
  size_t shown = 0;
  for (int64_t request = 0; request < 10'000; ++request) {
    PageQuery query;
    query.start_s = request * 600;
    query.page = request % 200;
    shown += organisation.list(query, {}, kNever).texts.size();
  }
  EXPECT_GT(shown, 450'000u);
}

}  // namespace
}  // namespace fake_aikido
