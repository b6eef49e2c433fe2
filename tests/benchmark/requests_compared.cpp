// requests_compared: how many requests the same history costs this input, measured with the real
// parts on simulated time, and two others, computed from how they page. Prints tables in Markdown.
//
// Both others are given the best: every record is visible at its time, nothing ever fails, they
// hold the pace though they have none of that kind, and a token is renewed only when it has
// expired.
#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "tests/end_to_end/world.hpp"

namespace benchmarks {
namespace {

using end_to_end::kDay;
using end_to_end::Kind;
using end_to_end::kMinute;
using end_to_end::kSecond;
using end_to_end::World;

constexpr int64_t kPage = 50;
constexpr int64_t kDayS = 86'400;
constexpr int64_t kLookbackS = 90 * 60;  // what late records are promised for
constexpr int64_t kTokenLifeS = 3'600;
constexpr double kSlotNs = 1e9 / 0.3;  // the default pace

using Times = std::vector<int64_t>;  // of records, Unix seconds, in order

int64_t count(const Times& times, int64_t from_s, int64_t to_s) {
  return std::lower_bound(times.begin(), times.end(), to_s) -
         std::lower_bound(times.begin(), times.end(), from_s);
}

int64_t rounded_up(int64_t value, int64_t by) { return (value + by - 1) / by; }

// Asked for by a run at the pace.
int64_t tokens(int64_t pages) {
  return rounded_up(std::max<int64_t>(1, pages) * 10 / 3, kTokenLifeS);
}

// Reads on until the service says that there is no more, or shows an empty page.
struct Grove {
  bool header;

  int64_t pages(int64_t records) const {
    const int64_t full = rounded_up(records, kPage);
    return header ? std::max<int64_t>(1, full) : full + 1;
  }
  int64_t backfill(const Times& times) const {
    const int64_t all = pages(std::ssize(times));
    return all + tokens(all);
  }
  // From the time of the newest record on, which comes again. A client, and so a token, each time.
  int64_t polls(const Times& times, int64_t begin_s, int64_t every_s) const {
    int64_t requests = 0, pointer_s = begin_s;
    for (int64_t now_s = begin_s; now_s < begin_s + kDayS; now_s += every_s) {
      requests += 1 + pages(count(times, pointer_s, now_s));
      const auto newest = std::lower_bound(times.begin(), times.end(), now_s);
      if (newest != times.begin()) pointer_s = std::max(pointer_s, *std::prev(newest));
    }
    return requests;
  }
};

// Reads on until a page is not full.
struct Airbyte {
  static int64_t pages(int64_t records) { return records / kPage + 1; }

  static int64_t backfill(const Times& times, int64_t from_s, int64_t to_s, int64_t step_s) {
    int64_t all = 0;
    for (int64_t at_s = from_s; at_s < to_s; at_s += step_s)
      all += pages(count(times, at_s, std::min(at_s + step_s, to_s)));
    return all + tokens(all);
  }
  // From the time of the newest record less the lookback on, in a process of its own.
  static int64_t polls(const Times& times, int64_t begin_s, int64_t every_s) {
    int64_t requests = 0, cursor_s = begin_s;
    for (int64_t now_s = begin_s; now_s < begin_s + kDayS; now_s += every_s) {
      requests += 1 + pages(count(times, std::max(begin_s, cursor_s - kLookbackS), now_s));
      const auto newest = std::lower_bound(times.begin(), times.end(), now_s);
      if (newest != times.begin()) cursor_s = std::max(cursor_s, *std::prev(newest));
    }
    return requests;
  }
};

class Measured {
 public:
  explicit Measured(bool header) : world_(switches(header)) {
    world_.log_level = host::LogLevel::kError;
    world_.at_line = [](std::string_view) {};
  }

  World& world() { return world_; }
  // Of the organisation that was given to it.
  void add(size_t records, int64_t from_s, int64_t to_s) {
    std::vector<fake_aikido::Record> made = fake_aikido::make_activity(records, from_s, to_s);
    for (const fake_aikido::Record& record : made) times_.push_back(record.time_s);
    world_.server().organisation().add(std::move(made));
  }
  const Times& times() const { return times_; }
  int64_t requests() { return static_cast<int64_t>(world_.server().log().count()); }
  int64_t of_backfill() const { return world_.metric("requests_total", "kind=backfill"); }
  // Of the slots from the first request to the last, how many were used.
  double pace_used() {
    const auto log = world_.server().log().entries();
    const auto span_ns = log.back().asked.time_ns - log.front().asked.time_ns;
    return static_cast<double>(log.size() - 1) * kSlotNs / static_cast<double>(span_ns);
  }

 private:
  static fake_aikido::Switches switches(bool header) {
    fake_aikido::Switches switches;
    switches.next_page_header = header;
    return switches;
  }

  World world_;
  Times times_;
};

void print_backfill(bool header, const std::string& name, size_t records, int64_t days) {
  Measured ours(header);
  const int64_t now_s = ours.world().now_s(), begin_s = now_s - days * kDayS;
  ours.world().settings["backfill_start_time"] = "-" + std::to_string(days) + "d";
  ours.add(records, begin_s + 60, now_s - 1);
  if (ours.world().run_once() != 0) std::fprintf(stderr, "%s", ours.world().log().c_str());
  const auto airbyte = [&](int64_t step_days) {
    return Airbyte::backfill(ours.times(), begin_s, now_s, step_days * kDayS);
  };
  std::printf("| %s | %lld (%lld) | %.1f%% | %lld | %lld | %lld |\n", name.c_str(),
              static_cast<long long>(ours.requests()), static_cast<long long>(ours.of_backfill()),
              100 * ours.pace_used(), static_cast<long long>(Grove{header}.backfill(ours.times())),
              static_cast<long long>(airbyte(1)), static_cast<long long>(airbyte(30)));
}

void print_day(bool header, size_t records, int64_t every_s) {
  Measured ours(header);
  const int64_t begin_s = ours.world().now_s();
  ours.world().settings["poll_interval"] = std::to_string(every_s) + "s";
  ours.add(records, begin_s, begin_s + kDayS - 1);
  if (ours.world().run_for(kDay) != 0) std::fprintf(stderr, "%s", ours.world().log().c_str());
  std::printf("| %zu, polls every %lld s | %lld | %lld | %lld |\n", records,
              static_cast<long long>(every_s), static_cast<long long>(ours.requests()),
              static_cast<long long>(Grove{header}.polls(ours.times(), begin_s, every_s)),
              static_cast<long long>(Airbyte::polls(ours.times(), begin_s, every_s)));
}

void print_all(bool header) {
  std::printf("\nWhere %s ends a list:\n\n", header ? "a header" : "an empty page");
  std::printf(
      "| backfill | this input (its backfill alone) | pace used | Grove | Airbyte, slices of a "
      "day | of 30 days |\n|---|--:|--:|--:|--:|--:|\n");
  print_backfill(header, "100,000 records over 30 days", 100'000, 30);
  print_backfill(header, "1,000 records over five years", 1'000, 1'825);
  std::printf(
      "\n| a day's records | this input | Grove, late ones lost | Airbyte, lookback 90 min "
      "|\n|---|--:|--:|--:|\n");
  for (const int64_t every_s : {60, 600})
    for (const size_t records : {0, 100, 1'000, 10'000}) print_day(header, records, every_s);
}

}  // namespace
}  // namespace benchmarks

int main() {
  for (const bool header : {false, true}) benchmarks::print_all(header);
}
