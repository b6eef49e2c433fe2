// Windows and ownership for any origin, split and length of lists: the backfill's windows cover the
// past exactly, and every time belongs to one sweep that asks for it, whichever way the bounds are.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <optional>
#include <utility>

#include "plugins/aikido_activity_log/sweep_records.hpp"
#include "plugins/aikido_activity_log/window.hpp"
#include "tests/aikido_activity_log/collector_questions.hpp"

namespace aikido {
namespace {

constexpr int64_t kWindow = 5'400;  // late_arrival_window, as `settings` has it
constexpr int64_t kFiveYears = 5 * 366 * 86'400;

// Spans of every order of magnitude.
rc::Gen<int64_t> span(int64_t most) {
  const auto drawn = rc::gen::pair(rc::gen::inRange<int64_t>(1, most + 1), rc::gen::inRange(0, 28));
  return rc::gen::map(drawn, [](const std::pair<int64_t, int>& each) {
    return std::max<int64_t>(1, each.first >> each.second);
  });
}

// A backfill whose windows' lists are as long as somebody says, with live sweeps that find nothing.
class Backfill {
 public:
  explicit Backfill(int64_t origin_s) : collector_(begun(with_backfill(origin_s * kSecond))) {}

  // The first question of the next window, or nothing when the past is read.
  std::optional<PageRequest> open_window() {
    std::optional<PageRequest> request = next();
    if (request && request->start_s == last_start_s_) {
      look_back(*request);
      request = next();
    }
    RC_ASSERT(!request || request->page == 0);
    return request;
  }

  // Answers `pages` pages of one record each, and the end. The window as it was when it came to
  // that: one that turns out to be too wide is opened anew with an earlier end.
  PageRequest answer(PageRequest request, int64_t pages) {
    PageRequest window = request;
    last_start_s_ = window.start_s;
    first_id_ = id_;
    for (; pages > 0; --pages) {
      const int64_t page = request.page;
      RC_ASSERT(delivered(*collector_, request, page_of_one(window.start_s + 1)) == 1U);
      request = look_ahead(next().value(), page + pages);
      RC_ASSERT(request.start_s == window.start_s);
      if (request.end_s == window.end_s) {
        RC_ASSERT(request.page == page + 1);
        continue;
      }
      RC_ASSERT(request.end_s < window.end_s);
      RC_ASSERT(request.page == 0);
      window = request;
      first_id_ = id_;
    }
    RC_ASSERT(delivered(*collector_, request, Page{}) == 0U);
    return window;
  }

 private:
  // Where it looks ahead in a list of so many pages, the question after that.
  PageRequest look_ahead(const PageRequest& request, int64_t pages) {
    if (!request.looks_ahead) return request;
    RC_ASSERT(request.page == 2 * kPagesPerWindow);
    const Page far = request.page < pages ? page_of_one(request.start_s + 1) : Page{};
    RC_ASSERT(delivered(*collector_, request, far) == 0U);
    return next().value();
  }

  // Once, after the first window of several pages: nothing has passed the retention meanwhile.
  void look_back(const PageRequest& request) {
    RC_ASSERT(request.page == 0);
    RC_ASSERT(!std::exchange(looked_back_, true));
    const Page again = memory_.many(1, first_id_, (request.start_s + 1) * kSecond, true);
    RC_ASSERT(delivered(*collector_, request, again) == 0U);
  }

  std::optional<PageRequest> next() {
    while (true) {
      const auto next = collector_->next(kNow);
      const auto* request = std::get_if<PageRequest>(&next);
      if (!request) return std::nullopt;
      if (request->kind == SweepKind::kBackfill) return *request;
      RC_ASSERT(delivered(*collector_, *request, Page{}) == 0U);
    }
  }

  Page page_of_one(int64_t time_s) {
    return memory_.many(1, id_++, time_s * kSecond, /*has_next=*/true);
  }

  std::unique_ptr<Collector> collector_;
  Pages memory_;
  int id_ = 0;
  int first_id_ = 0;  // of the window before
  std::optional<int64_t> last_start_s_;
  bool looked_back_ = false;
};

RC_GTEST_PROP(BackfillWindows, CoverThePastExactlyAndGrowOrShrinkWithinBounds, ()) {
  const int64_t split_s = kNowS - kWindow;
  const int64_t origin_s = split_s - *span(kFiveYears);
  Backfill backfill(origin_s);
  int64_t at = origin_s;
  int64_t least = kFirstBackfillWidth;
  int64_t most = kFirstBackfillWidth;
  while (const std::optional<PageRequest> request = backfill.open_window()) {
    const int64_t width = request->end_s - at;
    RC_ASSERT(request->start_s == at - 1);
    RC_ASSERT(width > 0);
    RC_ASSERT(width <= most);
    RC_ASSERT(width >= least || request->end_s == split_s);
    const int64_t pages =
        *rc::gen::weightedElement<int64_t>({{4, 0}, {4, 1}, {2, 20}, {1, 199}, {1, 200}, {1, 450}});
    const PageRequest read = backfill.answer(*request, pages);
    // Towards two hundred pages a window, in one step as far as a quarter or eight times of it; no
    // wider than one that had to be narrowed.
    const bool narrowed = read.end_s != request->end_s;
    least = narrowed ? 1 : pages < kPagesPerWindow ? width : std::max<int64_t>(1, width / 4);
    most = narrowed ? read.end_s - at : pages < kPagesPerWindow ? width * 8 : width;
    at = read.end_s;
  }
  RC_ASSERT(at == split_s);
}

// The past in windows, and a live sweep from the split on.
struct Timeline {
  CheckpointData data;
  std::vector<std::pair<SweepKind, Sweep>> sweeps;
};

Sweep sweep_of(int64_t from_s, int64_t to_s, int64_t end_s) {
  Sweep sweep;
  sweep.from_s = from_s;
  sweep.to_s = to_s;
  sweep.end_s = end_s;
  return sweep;
}

Timeline some_timeline() {
  Timeline timeline;
  const int64_t split_s = kNowS - *span(kFiveYears);
  const int64_t origin_s = split_s - *span(kFiveYears) + 1;  // or there is no past at all
  timeline.data.origin_ns = origin_s * kSecond + *rc::gen::element<int64_t>(0, 1, kSecond - 1);
  timeline.data.split_s = split_s;
  for (int64_t at = origin_s; at < split_s;) {
    const Window window = window_at(at, *span(kFiveYears), split_s);
    timeline.sweeps.emplace_back(SweepKind::kBackfill,
                                 sweep_of(window.from_s, window.to_s, window.to_s));
    at = window.to_s;
  }
  timeline.sweeps.emplace_back(*rc::gen::element(SweepKind::kFresh, SweepKind::kLate),
                               sweep_of(split_s, kNoEnd, kNowS + 1));
  return timeline;
}

// Within a second of an edge, or anywhere.
int64_t some_time(const Timeline& timeline) {
  const Sweep& near = (*rc::gen::elementOf(timeline.sweeps)).second;
  const int64_t edge_s = *rc::gen::element(near.from_s, std::min(near.to_s, kNowS),
                                           floor_seconds(timeline.data.origin_ns));
  const int64_t away = *rc::gen::oneOf(rc::gen::element<int64_t>(-kSecond, -1, 0, 1, kSecond),
                                       rc::gen::inRange<int64_t>(-kFiveYears, kFiveYears));
  return std::min(edge_s * kSecond + away, kNow);
}

bool owns(CheckpointData data, SweepKind kind, Sweep sweep, int64_t time_ns) {
  Pages memory;
  return !deliver(data, kind, sweep, memory.of({{"1", time_ns}}), kNow).deliver.empty();
}

// To the nanosecond, or as a server sees it that keeps seconds alone; the harder one of the bounds.
bool shows(const Sweep& sweep, int64_t time_ns) {
  const int64_t second = floor_seconds(time_ns);
  return sweep.start_s() < second && second < sweep.end_s && sweep.start_s() * kSecond < time_ns &&
         time_ns < sweep.end_s * kSecond;
}

RC_GTEST_PROP(Ownership, IsOneSweepsThatAsksForTheTime, ()) {
  const Timeline timeline = some_timeline();
  const int64_t time_ns = some_time(timeline);
  int owners = 0;
  for (const auto& [kind, sweep] : timeline.sweeps) {
    if (!owns(timeline.data, kind, sweep, time_ns)) continue;
    ++owners;
    RC_ASSERT(shows(sweep, time_ns));
  }
  RC_CLASSIFY(owners == 0, "before the origin");
  RC_ASSERT(owners == (time_ns >= timeline.data.origin_ns ? 1 : 0));
}

}  // namespace
}  // namespace aikido
