#include "tests/simulation/least_requests.hpp"

#include <algorithm>

#include "tests/simulation/listing.hpp"

namespace simulation {
namespace {

constexpr int64_t kShortSweep = 4;  // with fewer requests a late sweep stands for a fresh one
constexpr int64_t kPagesPerWindow = 200;
// For so long a host whose clock is behind the server's is believed as well: a sweep vouches for
// what it has seen by the earlier of the two.
constexpr int64_t kDoubt = kHour;
// For so long a list may still grow in the middle: no record is later than that.
constexpr int64_t kMoves = kHour;

// A tidy reader of the log: every sweep at its moment, as if answers took no time, and no more
// known beforehand than a reader can know. All times are the server's.
class TidyReader {
 public:
  explicit TidyReader(const History& history)
      : history_(history),
        settings_(history.plan.settings),
        header_(history.plan.switches.next_page_header) {}

  LeastRequests read();

 private:
  void run(int64_t from_ns, int64_t to_ns);
  void step(int64_t now_ns);
  void catch_up(int64_t now_ns);
  int64_t count(int64_t from_ns, int64_t to_ns, int64_t now_ns) const {
    return listed(history_, from_ns - kSecond, to_ns + kSecond, now_ns);
  }
  int64_t windows(int64_t from_ns, int64_t to_ns, int64_t width_ns, int64_t now_ns) const;
  int64_t late_requests(int64_t now_ns) const;
  int64_t vouched_at(int64_t now_ns) const;
  int64_t late_from() const { return std::max(settled_ns_ - settings_.window_ns, split_ns_); }
  void ask(int64_t now_ns, int64_t requests);

  const History& history_;
  const SettingsPlan& settings_;
  const bool header_;
  LeastRequests least_;
  int64_t split_ns_ = 0;
  int64_t frontier_ns_ = 0;
  int64_t settled_ns_ = 0;            // opening of the last late sweep that was completed
  int64_t fresh_ns_ = INT64_MIN / 2;  // when the last of each opened
  int64_t late_ns_ = INT64_MIN / 2;
  int64_t token_until_ns_ = 0;
  int64_t last_late_ = 1;  // requests
  int64_t run_from_ns_ = 0;
};

LeastRequests TidyReader::read() {
  const int64_t begin_ns = history_.begin_ns + history_.offset_ns;
  split_ns_ = std::max(history_.origin_ns, begin_ns - settings_.window_ns);
  frontier_ns_ = settled_ns_ = begin_ns;
  least_.backfill = windows(history_.origin_ns, split_ns_, kDay, begin_ns);
  least_.tokens = least_.backfill * settings_.request_interval_ns /
                  (history_.plan.switches.token_life_s * kSecond);
  for (const Run& up : history_.runs)
    run(up.from_ns + history_.offset_ns, up.to_ns + history_.offset_ns);
  return least_;
}

void TidyReader::run(int64_t from_ns, int64_t to_ns) {
  token_until_ns_ = 0;  // it is kept nowhere
  run_from_ns_ = from_ns;
  for (int64_t now_ns = from_ns;;) {
    const int64_t due_ns =
        std::min(fresh_ns_ + settings_.poll_ns, late_ns_ + settings_.late_check_ns);
    now_ns = std::max(now_ns, due_ns);
    if (now_ns >= to_ns) return;
    step(now_ns);
  }
}

void TidyReader::step(int64_t now_ns) {
  catch_up(now_ns);
  const bool fresh_due = now_ns >= fresh_ns_ + settings_.poll_ns;
  const bool late_due = now_ns >= late_ns_ + settings_.late_check_ns;
  const int64_t late = late_requests(now_ns);
  // Where polls are rarer than the window is long, back to the one before the last.
  const int64_t reach_ns = std::max(settings_.window_ns, 2 * settings_.poll_ns);
  const int64_t from_ns = std::max(frontier_ns_ - kSecond, now_ns - reach_ns);
  if (late_due || last_late_ == 1) {  // one that took one request may do so again
    ask(now_ns, late);
    last_late_ = late;
    late_ns_ = now_ns;
    settled_ns_ = frontier_ns_ = vouched_at(now_ns);
    if (late < kShortSweep) fresh_ns_ = now_ns;
    if (!fresh_due || late < kShortSweep) return;  // a long one is suspended by the fresh one
  }
  const int64_t records = count(from_ns, now_ns, now_ns);
  const bool ends_for_now = !header_ && records > 0 && records < kPage;
  ask(now_ns, ends_for_now ? 1 : pages_of(history_, records));
  if (!ends_for_now) frontier_ns_ = vouched_at(now_ns);
  fresh_ns_ = now_ns;
}

// What a long outage left is read in windows first.
void TidyReader::catch_up(int64_t now_ns) {
  const int64_t overdue_to_ns = now_ns - settings_.window_ns;
  if (overdue_to_ns - late_from() <= std::max(2 * settings_.late_check_ns, kHour)) return;
  ask(now_ns, windows(late_from(), overdue_to_ns, kHour, now_ns));
  settled_ns_ = now_ns;
}

int64_t TidyReader::windows(int64_t from_ns, int64_t to_ns, int64_t width_ns,
                            int64_t now_ns) const {
  int64_t requests = 0;
  while (from_ns < to_ns) {
    const int64_t end_ns = std::min(from_ns + width_ns, to_ns);
    const int64_t records = count(from_ns, end_ns, now_ns);
    const int64_t pages = pages_of(history_, records);
    // One whose list moves while it is read is read once more before it closes.
    const bool may_move = count(from_ns, end_ns, now_ns + kMoves) > records;
    requests += may_move ? 2 * pages : pages;
    width_ns = std::clamp(width_ns / pages * kPagesPerWindow, width_ns / 4, width_ns * 8);
    from_ns = end_ns;
  }
  return requests;
}

int64_t TidyReader::vouched_at(int64_t now_ns) const {
  const bool doubts = now_ns < run_from_ns_ + kDoubt;
  return now_ns - (doubts ? std::max<int64_t>(history_.offset_ns, 0) : 0);
}

int64_t TidyReader::late_requests(int64_t now_ns) const {
  return pages_of(history_, count(late_from(), now_ns, now_ns));
}

// A token is good for its life, from the first request that needs it; the pace can make a sweep
// outlive several.
void TidyReader::ask(int64_t now_ns, int64_t requests) {
  least_.live += requests;
  const int64_t life_ns = history_.plan.switches.token_life_s * kSecond;
  const int64_t last_ns = now_ns + (requests - 1) * settings_.request_interval_ns;
  token_until_ns_ = std::max(token_until_ns_, now_ns);
  for (; token_until_ns_ <= last_ns; token_until_ns_ += life_ns) ++least_.tokens;
}

}  // namespace

LeastRequests least_requests(const History& history) { return TidyReader(history).read(); }

}  // namespace simulation
