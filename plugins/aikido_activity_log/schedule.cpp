#include "plugins/aikido_activity_log/schedule.hpp"

#include <algorithm>

namespace aikido {
namespace {

constexpr int64_t kLateShare = 4;       // every fourth request to a late sweep that wants it
constexpr int64_t kBackfillShare = 8;   // every eighth to the backfill
constexpr int64_t kShortLateSweep = 4;  // with fewer requests it may stand for a fresh one
constexpr int64_t kOverdueNs = 3'600 * kNsPerSecond;
constexpr int64_t kLongestIdleNs = kNsPerDay;  // a host may refuse a wait of years

}  // namespace

Schedule::Schedule(const CollectorSettings& settings, const CheckpointData& data, const Run& run,
                   int64_t now_ns)
    : settings_(settings),
      data_(data),
      run_(run),
      now_ns_(now_ns),
      now_s_(floor_seconds(now_ns)),
      window_s_(ceil_seconds(settings.late_arrival_window_ns)) {}

std::optional<SweepKind> Schedule::turn() const {
  const bool fresh_open = data_.sweep(SweepKind::kFresh).has_value();
  const bool late_open = data_.sweep(SweepKind::kLate).has_value();
  bool fresh = wants_turn(SweepKind::kFresh);
  bool late = wants_turn(SweepKind::kLate);
  const bool backfill = wants_turn(SweepKind::kBackfill);
  const bool late_rests = now_ns_ < rests_until_ns(SweepKind::kLate);
  if (fresh && !fresh_open && !late_open && !late_rests && !catching_up()) {
    // One request reads the whole late window as well as the newest minute.
    if (data_.late_requests == 1) late = true;
    if (late && data_.late_requests < kShortLateSweep) fresh = false;
  }
  if (backfill && (data_.since_backfill + 1 >= kBackfillShare || !(fresh || late)))
    return SweepKind::kBackfill;
  if (late && (data_.since_late + 1 >= kLateShare || !fresh)) return SweepKind::kLate;
  return fresh ? std::optional(SweepKind::kFresh) : std::nullopt;
}

int64_t Schedule::idle_until_ns() const {
  int64_t until_ns = INT64_MAX;
  for (const SweepKind kind : kSweepKinds)
    until_ns = std::min(until_ns, std::max(due_ns(kind), rests_until_ns(kind)));
  return std::clamp(until_ns, now_ns_ + 1, now_ns_ + kLongestIdleNs);
}

bool Schedule::held_back() const {
  return std::any_of(kSweepKinds.begin(), kSweepKinds.end(), [this](SweepKind kind) {
    return due_ns(kind) <= now_ns_ && !wants_turn(kind);
  });
}

bool Schedule::all_in_trouble(Status status) const {
  return std::all_of(kSweepKinds.begin(), kSweepKinds.end(), [&](SweepKind kind) {
    return due_ns(kind) == INT64_MAX || (in_trouble(kind) && run_.trouble(kind).status == status);
  });
}

Sweep Schedule::plan(SweepKind kind) const {
  Sweep sweep;
  sweep.opened_ns = now_ns_;
  sweep.end_s = now_s_ + 1;
  sweep.from_s = kind == SweepKind::kFresh ? fresh_from_s() : late_from_s();
  const SeenIds& seen = kind == SweepKind::kBackfill ? data_.past : data_.live;
  sweep.seen_before = seen.size();
  sweep.seen_bytes_before = seen.encoded().size();
  std::optional<Window> window;
  if (kind == SweepKind::kBackfill)
    window = window_at(data_.backfill_s, data_.backfill_width_s, data_.split_s);
  if (kind == SweepKind::kLate && catching_up())
    window = window_at(sweep.from_s, data_.late_width_s, now_s_ - window_s_);
  if (window) {
    sweep.from_s = window->from_s;
    sweep.to_s = sweep.end_s = window->to_s;
  }
  return sweep;
}

int64_t Schedule::late_interval_ns() const {
  return data_.backfill_open() ? stretched_interval_ns() : settings_.late_check_interval_ns;
}

int64_t Schedule::stretched_interval_ns() const {
  const double half_pace = 2.0 * static_cast<double>(data_.late_requests) *
                           static_cast<double>(settings_.request_interval_ns);
  const auto stretched = static_cast<int64_t>(std::min(half_pace, 1e18));
  return std::max(settings_.late_check_interval_ns, stretched);
}

bool Schedule::catching_up() const {
  const int64_t overdue = std::max(2 * late_interval_ns(), kOverdueNs);
  return now_s_ - window_s_ - late_from_s() > floor_seconds(overdue);
}

bool Schedule::late_is_outgrown() const {
  const std::optional<Sweep>& late = data_.sweep(SweepKind::kLate);
  const int64_t overdue_ns = std::max(2 * stretched_interval_ns(), kOverdueNs);
  return late && late->reads_to_now() &&
         floor_seconds(late->opened_ns) - window_s_ - late->from_s > floor_seconds(overdue_ns);
}

// The next fresh sweep begins no earlier than the next late one: not before what is remembered.
int64_t Schedule::remember_from_s() const {
  int64_t earliest = std::min(data_.settled_s, floor_seconds(data_.late_opened_ns) - window_s_);
  for (const SweepKind kind : {SweepKind::kFresh, SweepKind::kLate})
    if (const std::optional<Sweep>& open = data_.sweep(kind))
      earliest = std::min(earliest, open->from_s);
  return earliest - kPadS;
}

// Its next request, or INT64_MAX where there is none to come.
int64_t Schedule::due_ns(SweepKind kind) const {
  if (data_.sweep(kind)) return kNever;
  if (kind == SweepKind::kBackfill) return data_.backfill_open() ? kNever : INT64_MAX;
  if (winds_up()) return INT64_MAX;
  return std::max(kind == SweepKind::kFresh ? fresh_due_ns() : late_due_ns(),
                  first_allowed_s() * kNsPerSecond);
}

int64_t Schedule::rests_until_ns(SweepKind kind) const {
  const Trouble& trouble = run_.trouble(kind);
  return trouble.times > 0 ? trouble.failed_ns + trouble.rest_ns : kNever;
}

bool Schedule::wants_turn(SweepKind kind) const {
  return now_ns_ >= due_ns(kind) && now_ns_ >= rests_until_ns(kind);
}

// Only what is open is still to be finished, however soon the next sweep is due. A backfill that
// keeps failing ends the run: polls in between would hide from the host that it does.
bool Schedule::winds_up() const {
  return settings_.run_once && run_.late_done &&
         (!data_.backfill_open() || in_trouble(SweepKind::kBackfill));
}

// What was forgotten is never asked for again, not even when the late arrival window grows; and
// nothing before the split, which may lie in the future.
int64_t Schedule::first_allowed_s() const { return data_.remembered_from_s + kPadS; }

// Where polls are rarer than the window is long, it reaches back to the one before the last.
int64_t Schedule::fresh_from_s() const {
  const int64_t frontier_s = floor_seconds(std::min(data_.frontier_ns, now_ns_));
  const int64_t reach_s = std::max(window_s_, 2 * ceil_seconds(settings_.poll_interval_ns));
  return std::max({frontier_s - 1, now_s_ - reach_s, first_allowed_s()});
}

// From what the last late sweep settled, not from now and not from the frontier: however long the
// host was down, the next one begins where that one stood.
int64_t Schedule::late_from_s() const {
  const int64_t opened_s = floor_seconds(std::min(data_.late_opened_ns, now_ns_));
  return std::max(std::min(data_.settled_s, opened_s - window_s_), first_allowed_s());
}

int64_t Schedule::fresh_due_ns() const {
  if (settings_.run_once && !run_.late_done) {  // the late sweep stands for it, unless it fails
    const Trouble& late = run_.trouble(SweepKind::kLate);
    return late.times > 0 && data_.fresh_started_ns < late.since_ns ? now_ns_ : INT64_MAX;
  }
  const std::optional<Sweep>& late = data_.sweep(SweepKind::kLate);
  const bool serves = late && late->reads_to_now() && late->requests < kShortLateSweep;
  return std::max(data_.fresh_started_ns, serves ? data_.late_started_ns : kNever) +
         settings_.poll_interval_ns;
}

int64_t Schedule::late_due_ns() const {
  const bool at_once = (settings_.run_once && !run_.late_begun) || catching_up();
  return at_once ? now_ns_ : data_.late_started_ns + late_interval_ns();
}

}  // namespace aikido
