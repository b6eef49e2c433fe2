#include "plugins/aikido_activity_log/sweep_records.hpp"

#include <algorithm>
#include <type_traits>

namespace aikido {
namespace {

constexpr size_t kHeadBytes = size_t{300} << 10;  // no head of a checkpoint is longer
constexpr int64_t kBarrenPages = 1000;
constexpr size_t kMostEntry = 24;  // no entry of seen ids is longer, beside its id

bool timed(const PageRecord& record) { return record.event_time_ns != CONNECTOR_TIME_UNKNOWN; }

// A record without a time is owned by whatever sweep shows it.
bool owns(const CheckpointData& data, const Sweep& sweep, const PageRecord& record) {
  if (!timed(record)) return true;
  const int64_t second = floor_seconds(record.event_time_ns);
  return second >= sweep.from_s && second < sweep.to_s && record.event_time_ns >= data.origin_ns;
}

// One side of the split: what its sweeps delivered, and what the other side's did.
template <class Ids>
struct Sides {
  Ids& own;
  Ids& other;
};

template <class Ids>
struct Place {
  Ids* ids = nullptr;  // null: it was not delivered
  size_t index = 0;
};

template <class Data>
auto sides(Data& data, SweepKind kind) {
  const bool backfill = kind == SweepKind::kBackfill;
  return Sides<std::remove_reference_t<decltype((data.live))>>{backfill ? data.past : data.live,
                                                               backfill ? data.live : data.past};
}

// A time tells which side a record belongs to; without one, both are asked.
template <class Ids>
Place<Ids> place_of(const Sides<Ids>& seen, const PageRecord& record, const SeenId& id) {
  if (const auto own = seen.own.find(id, !record.has_id)) return {&seen.own, *own};
  if (timed(record)) return {};
  if (const auto other = seen.other.find(id, !record.has_id)) return {&seen.other, *other};
  return {};
}

// Counted only: some sweep has read past this time and did not see the record.
void count_if_late(const CheckpointData& data, const PageRecord& record, int64_t now_ns,
                   Accepted& accepted) {
  if (!timed(record)) return;
  const int64_t second = floor_seconds(record.event_time_ns);
  if (second < data.passed_from_s || second >= data.passed_to_s - 1) return;
  ++accepted.late;
  accepted.greatest_lateness_ns =
      std::max(accepted.greatest_lateness_ns, std::max<int64_t>(now_ns, 0) - record.event_time_ns);
}

// What remembering records may add, at most.
struct Growth {
  SeenAmount amount;
  size_t encoded = 0;  // the persisted form

  void add(const PageRecord& record) {
    ++amount.entries;
    amount.text += record.id.size();
    encoded += record.id.size() + kMostEntry;
  }
};

bool fits(const CheckpointData& data, const Growth& growth) {
  const size_t most = data.seen_size() + kHeadBytes + growth.encoded;
  const SeenAmount amount = data.seen_amount() + growth.amount;
  return growth.encoded == 0 || (most < kMostCheckpoint && amount.within(kMostSeen));
}

Growth growth_of_all(const Page& page) {
  Growth growth;
  for (const PageRecord& record : page.records) growth.add(record);
  return growth;
}

// A record without a time may be written down once more.
Growth growth(const CheckpointData& data, SweepKind kind, const Sweep& sweep, const Page& page) {
  Growth growth;
  const auto seen = sides(data, kind);
  for (const PageRecord& record : page.records)
    if (owns(data, sweep, record) && (!timed(record) || !place_of(seen, record, record.id).ids))
      growth.add(record);
  return growth;
}

bool brings_new(const CheckpointData& data, SweepKind kind, const Sweep& sweep, const Page& page) {
  const auto seen = sides(data, kind);
  return std::any_of(page.records.begin(), page.records.end(), [&](const PageRecord& record) {
    return owns(data, sweep, record) && !place_of(seen, record, record.id).ids;
  });
}

}  // namespace

// Mostly all of it would fit, whatever is a repeat.
bool has_room(const CheckpointData& data, SweepKind kind, const Sweep& sweep, const Page& page) {
  return fits(data, growth_of_all(page)) || fits(data, growth(data, kind, sweep, page));
}

// Each remembered id can come again, once or, where the list moves, a little more often.
bool is_barren(const CheckpointData& data, SweepKind kind, const Sweep& sweep, const Page& page) {
  const SeenIds& seen = kind == SweepKind::kBackfill ? data.past : data.live;
  const auto most = kBarrenPages + 2 * static_cast<int64_t>(seen.size());
  return sweep.barren_pages >= most && !brings_new(data, kind, sweep, page);
}

Accepted deliver(CheckpointData& data, SweepKind kind, Sweep& sweep, const Page& page,
                 int64_t now_ns) {
  Accepted accepted;
  accepted.deliver.reserve(page.records.size());
  const auto seen = sides(data, kind);
  const size_t page_first = seen.own.size();
  const bool backfill = kind == SweepKind::kBackfill;
  // The backfill has yet to come here, and may ask for the second at the split, too.
  const bool pinned = !backfill && data.backfill_open() && sweep.from_s <= data.split_s + 1;
  for (size_t i = 0; i < page.records.size(); ++i) {
    const PageRecord& record = page.records[i];
    if (!owns(data, sweep, record)) continue;
    const int64_t time_s = timed(record) ? floor_seconds(record.event_time_ns) : sweep.end_s;
    const SeenEntry entry{record.id, !record.has_id, !timed(record), pinned && !timed(record),
                          time_s};
    Place<SeenIds> place = timed(record) ? Place<SeenIds>() : place_of(seen, record, entry.id);
    if (!place.ids)
      if (const auto known = seen.own.add(entry)) place = {&seen.own, *known};
    if (!place.ids) {
      accepted.deliver.push_back(i);
      if (!backfill) count_if_late(data, record, now_ns, accepted);
      continue;
    }
    ++accepted.repeats;
    if (!timed(record))
      place.ids->shown_again(place.index, sweep.end_s, pinned);
    else if (backfill && sweep.look != Look::kBack && place.index >= sweep.seen_before &&
             place.index < page_first)
      sweep.moved = true;
  }
  return accepted;
}

}  // namespace aikido
