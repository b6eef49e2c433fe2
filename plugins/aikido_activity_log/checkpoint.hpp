// What the collector knows, and its persisted form:
//
//   "AKAL"  4 bytes
//   version 1 byte, 1
//   head    length as a varint, then the fields below in their order
//   live    length as a varint, then seen ids (seen_codec.hpp)
//   past    length as a varint, then seen ids
//   crc     CRC-32 of all before, 4 bytes, the lowest first
//
// The head: texts as a length and bytes, everything else as zigzag varints (checkpoint_bytes.hpp),
// then for each kind of sweep (fresh, late, backfill) 0, or 1 and its fields in their order. A
// field is only ever appended, with a new version.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "plugins/aikido_activity_log/seen_ids.hpp"
#include "plugins/aikido_activity_log/sweep.hpp"
#include "plugins/aikido_activity_log/window.hpp"

namespace aikido {

constexpr size_t kMostCheckpoint = size_t{4} << 20;
constexpr int64_t kMostNs = INT64_MAX / 4 * 3;  // times lie in between, so that sums have room
constexpr int64_t kNever = -kMostNs;

// All times are the server's.
struct CheckpointData {
  std::string identity;             // canonical host root and filters
  std::string client_id;            // whose credentials read last
  std::string backfill_start_text;  // as it was set on the first run

  int64_t origin_ns = 0;  // nothing before it is delivered
  int64_t split_s = 0;    // the backfill reads [origin, split), live sweeps [split, ..)

  int64_t frontier_ns = 0;     // the next fresh sweep reads from here
  int64_t late_opened_ns = 0;  // opening time of the last late sweep that reached its end
  int64_t whole_ns = kNever;   // .. of the last one to now: all that was visible then is delivered
  int64_t settled_s = 0;       // everything before it, from the split on, is delivered for good
  int64_t passed_from_s = 0;   // [passed_from, passed_to): a sweep passed here, so that what still
  int64_t passed_to_s = 0;     //   appears is late. Counted and told by it, and nothing else rests
                               //   on it

  int64_t fresh_started_ns = kNever;  // when the last fresh sweep opened
  int64_t late_started_ns = kNever;   // and the last late one
  int64_t late_requests = 0;          // of the last late sweep that read to now; 0: none did
  int64_t late_took_ns = 0;           // and its time
  int64_t late_width_s = kFirstLateWidth;
  int64_t since_late = 0;             // requests to others while a late sweep was wanted
  int64_t since_backfill = 0;         // and while the backfill was
  int64_t short_goes_on_ns = kNever;  // until then a short page is believed to hide further ones

  int64_t backfill_s = 0;  // the position: [origin, backfill_s) is delivered
  int64_t backfill_width_s = kFirstBackfillWidth;
  int64_t backfill_narrowed = 0;  // how often the present window was made smaller
  bool backfill_found = false;    // a window brought records, so retention ends before it
  int64_t remembered_from_s = 0;  // `live` forgot ids below, so no live sweep asks there

  std::array<std::optional<Sweep>, 3> sweeps;  // open ones, by SweepKind
  SeenIds live;
  SeenIds past;  // of the backfill's present window

  std::optional<Sweep>& sweep(SweepKind kind) { return sweeps[static_cast<size_t>(kind)]; }
  const std::optional<Sweep>& sweep(SweepKind kind) const {
    return sweeps[static_cast<size_t>(kind)];
  }
  // What the sweeps of this kind remember.
  const SeenIds& seen(SweepKind kind) const { return kind == SweepKind::kBackfill ? past : live; }
  bool backfill_open() const { return backfill_s < split_s; }
  size_t seen_size() const { return live.encoded().size() + past.encoded().size(); }
  SeenAmount seen_amount() const { return live.amount() + past.amount(); }
};

std::string encode(const CheckpointData& data);
// CHECKPOINT when the bytes are damaged or a later version wrote them. Safe for hostile bytes.
Result<CheckpointData> decode(std::string_view bytes);

}  // namespace aikido
