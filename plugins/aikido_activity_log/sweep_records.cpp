#include "plugins/aikido_activity_log/sweep_records.hpp"

#include <algorithm>
#include <optional>

namespace aikido {
namespace {

bool timed(const PageRecord& record) { return record.event_time_ns != CONNECTOR_TIME_UNKNOWN; }

// A record without a time is owned by whatever sweep shows it.
bool owns(const CheckpointData& data, const Sweep& sweep, const PageRecord& record) {
  if (!timed(record)) return true;
  const int64_t second = floor_seconds(record.event_time_ns);
  return second >= sweep.from_s && second < sweep.to_s && record.event_time_ns >= data.origin_ns;
}

// One side of the split: what its sweeps delivered, and what the other side's did. A time tells
// which side a record belongs to; without one, both are asked.
struct Sides {
  SeenIds& own;
  SeenIds& other;
  Sides(CheckpointData& data, SweepKind kind)
      : own(kind == SweepKind::kBackfill ? data.past : data.live),
        other(kind == SweepKind::kBackfill ? data.live : data.past) {}
};

// Counted only: some sweep has read past this time and did not see the record.
void count_if_late(const CheckpointData& data, const PageRecord& record, int64_t now_ns,
                   Accepted& accepted) {
  if (!timed(record)) return;
  const int64_t second = floor_seconds(record.event_time_ns);
  if (second < data.passed_from_s || second >= data.passed_to_s - 1) return;
  ++accepted.late;
  accepted.greatest_lateness_ns =
      std::max(accepted.greatest_lateness_ns, now_ns - record.event_time_ns);
}

}  // namespace

bool brings_new(const CheckpointData& data, SweepKind kind, const Sweep& sweep, const Page& page) {
  const SeenIds& own = kind == SweepKind::kBackfill ? data.past : data.live;
  const SeenIds& other = kind == SweepKind::kBackfill ? data.live : data.past;
  return std::any_of(page.records.begin(), page.records.end(), [&](const PageRecord& record) {
    return owns(data, sweep, record) && !own.find(record.id, !record.has_id) &&
           (timed(record) || !other.find(record.id, !record.has_id));
  });
}

Accepted deliver(CheckpointData& data, SweepKind kind, Sweep& sweep, const Page& page,
                 int64_t now_ns) {
  Accepted accepted;
  Sides seen(data, kind);
  const size_t page_first = seen.own.size();
  const bool backfill = kind == SweepKind::kBackfill;
  // The backfill has yet to come here, and may ask for the second at the split, too.
  const bool pinned = !backfill && data.backfill_open() && sweep.from_s <= data.split_s + 1;
  for (size_t i = 0; i < page.records.size(); ++i) {
    const PageRecord& record = page.records[i];
    if (!owns(data, sweep, record)) continue;
    const bool hashed = !record.has_id;
    SeenIds* where = &seen.own;
    std::optional<size_t> place = seen.own.find(record.id, hashed);
    if (!place && !timed(record)) {
      where = &seen.other;
      place = seen.other.find(record.id, hashed);
    }
    if (!place) {
      const int64_t time_s = timed(record) ? floor_seconds(record.event_time_ns) : sweep.end_s;
      seen.own.add({record.id, hashed, !timed(record), pinned && !timed(record), time_s});
      accepted.deliver.push_back(i);
      if (!backfill) count_if_late(data, record, now_ns, accepted);
      continue;
    }
    ++accepted.repeats;
    if (!timed(record))
      where->shown_again(*place, sweep.end_s, pinned);
    else if (backfill && *place >= sweep.seen_before && *place < page_first)
      sweep.moved = true;
  }
  return accepted;
}

}  // namespace aikido
