#include "plugins/aikido_activity_log/sweep_end.hpp"

#include <algorithm>

namespace aikido {
namespace {

// A sweep from `from_s` to its opening has read past these times. A gap that an outage left is not
// among them: what is found there was not late.
void note_passed(CheckpointData& data, const Sweep& sweep) {
  const int64_t opened_s = floor_seconds(sweep.opened_ns);
  if (sweep.from_s > data.passed_to_s) data.passed_from_s = sweep.from_s;
  if (opened_s >= data.passed_from_s)
    data.passed_from_s = std::min(data.passed_from_s, sweep.from_s);
  data.passed_to_s = std::max(data.passed_to_s, opened_s);
}

// How much of it its records lie in: all from the first one on.
int64_t filled_s(const CheckpointData& data, const Sweep& sweep) {
  const std::optional<int64_t> first_s = data.past.first_time_s(sweep.from_s);
  const bool is_barren = !first_s || *first_s >= sweep.to_s;
  return is_barren || sweep.page <= kHardlyAny ? sweep.to_s - sweep.from_s : sweep.to_s - *first_s;
}

// Behind one that was narrowed may lie the crowd.
int64_t next_backfill_width(const CheckpointData& data, const Sweep& sweep) {
  const int64_t width_s = sweep.to_s - sweep.from_s;
  const int64_t next_s =
      next_width(width_s, filled_s(data, sweep), sweep.page, grown(data.past, sweep));
  return data.backfill_narrowed > 0 ? std::min(next_s, width_s) : next_s;
}

}  // namespace

int64_t grown(const SeenIds& seen, const Sweep& sweep) {
  const auto now = static_cast<int64_t>(seen.encoded().size());
  return std::max<int64_t>(0, now - static_cast<int64_t>(sweep.seen_bytes_before));
}

void end_fresh(CheckpointData& data, const Sweep& sweep, bool for_now) {
  note_passed(data, sweep);
  if (!for_now) data.frontier_ns = std::max(data.frontier_ns, sweep.opened_ns);
}

void end_late(CheckpointData& data, const Sweep& sweep, int64_t window_s, int64_t now_ns) {
  // Whatever appears from the opening on is at most a window old.
  const int64_t settled_s = floor_seconds(sweep.opened_ns) - window_s;
  if (!sweep.reads_to_now()) {
    data.settled_s = std::max(data.settled_s, std::min(sweep.to_s, settled_s));
    const int64_t opened_ns = (data.settled_s + window_s) * kNsPerSecond;
    data.late_opened_ns = std::max(data.late_opened_ns, std::min(opened_ns, sweep.opened_ns));
    const int64_t width_s = sweep.to_s - sweep.from_s;
    data.late_width_s = next_width(width_s, width_s, sweep.page, grown(data.live, sweep));
    return;
  }
  note_passed(data, sweep);
  data.frontier_ns = std::max(data.frontier_ns, sweep.opened_ns);
  data.late_opened_ns = std::max(data.late_opened_ns, sweep.opened_ns);
  data.whole_ns = std::max(data.whole_ns, sweep.opened_ns);
  data.settled_s = std::max(data.settled_s, settled_s);
  data.fresh_started_ns = std::max(data.fresh_started_ns, data.late_started_ns);
  data.late_requests = sweep.requests;
  // A made-up checkpoint may have started anywhere.
  data.late_took_ns = std::max<int64_t>(0, now_ns - std::max<int64_t>(data.late_started_ns, 0));
}

void end_backfill_window(CheckpointData& data, const Sweep& sweep, int64_t now_ns) {
  data.backfill_width_s = next_backfill_width(data, sweep);
  data.backfill_narrowed = 0;
  data.backfill_s = sweep.to_s;
  data.backfill_found |= sweep.first_fingerprint != 0 || data.past.size() > 0;
  data.past.prune(sweep.to_s - kPadS, false);
  if (data.backfill_open()) return;
  // A record without a time may show again in a live sweep, wherever the server sorts it.
  data.live.absorb(data.past, floor_seconds(now_ns) + 1);
  data.past = {};
}

bool settle(CheckpointData& data, int64_t window_s) {
  const int64_t settled_s = floor_seconds(data.whole_ns) - window_s;
  if (settled_s <= data.settled_s) return false;
  data.settled_s = settled_s;
  for (const SweepKind kind : {SweepKind::kFresh, SweepKind::kLate})
    if (std::optional<Sweep>& open = data.sweep(kind); open && open->from_s < settled_s)
      open.reset();  // it would show what is forgotten now
  return true;
}

void narrow(CheckpointData& data, SweepKind kind, const Sweep& sweep) {
  const int64_t width = sweep.to_s - sweep.from_s;
  if (kind == SweepKind::kBackfill) {
    data.backfill_width_s = std::max<int64_t>(width / 4, 1);
    ++data.backfill_narrowed;
  } else {
    data.late_width_s = std::clamp<int64_t>(width / 4, 1, kFirstLateWidth);
  }
  data.sweep(kind).reset();
}

void forget(CheckpointData& data, int64_t floor_s) {
  data.remembered_from_s = std::max(data.remembered_from_s, floor_s);
  data.live.prune(data.remembered_from_s, data.backfill_open());
}

}  // namespace aikido
