// The checkpoint's round trip for any data within its bounds: every field comes back as it was.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <numeric>
#include <tuple>

#include "plugins/aikido_activity_log/checkpoint.hpp"

namespace aikido {
namespace {

constexpr int64_t kMostS = kMostNs / kNsPerSecond;

// The bounds themselves, small numbers, and any.
template <class Number>
void some_number(Number& to, int64_t least, int64_t most) {
  const int64_t drawn =
      *rc::gen::oneOf(rc::gen::element(least, most, std::midpoint(least, most)),
                      rc::gen::inRange<int64_t>(-3, 300), rc::gen::arbitrary<int64_t>());
  to = static_cast<Number>(std::clamp(drawn, least, most));
}

void some_time(int64_t& ns) { some_number(ns, -kMostNs, kMostNs); }
void some_second(int64_t& second) { some_number(second, -kMostS, kMostS); }

Sweep some_sweep(SweepKind kind) {
  Sweep sweep;
  some_number(sweep.from_s, -kMostS, kMostS - 1);
  const bool windowed =
      kind == SweepKind::kBackfill || (kind == SweepKind::kLate && *rc::gen::arbitrary<bool>());
  if (windowed) some_number(sweep.to_s, sweep.from_s + 1, kMostS);
  some_second(sweep.end_s);
  some_time(sweep.opened_ns);
  some_number(sweep.page, 0, kMostPages);
  some_number(sweep.requests, 0, kMostPages);
  some_number(sweep.pass, 1, 2);
  sweep.moved = *rc::gen::arbitrary<bool>();
  sweep.asked_again = *rc::gen::arbitrary<bool>();
  sweep.short_before = *rc::gen::arbitrary<bool>();
  sweep.fingerprint = *rc::gen::arbitrary<uint64_t>();
  some_number(sweep.equal_pages, 0, 1000);
  some_number(sweep.empty_pages, 0, 1'000'000);
  some_number(sweep.barren_pages, 0, int64_t{1} << 40);
  some_number(sweep.seen_before, 0, int64_t{1} << 40);
  some_number(sweep.seen_bytes_before, 0, int64_t{1} << 40);
  sweep.first_fingerprint = *rc::gen::arbitrary<uint64_t>();
  sweep.look = *rc::gen::element(Look::kNot, Look::kBack);
  if (sweep.can_be_narrower() && *rc::gen::arbitrary<bool>()) sweep.look = Look::kAhead;
  return sweep;
}

SeenIds some_ids() {
  SeenIds seen;
  for (const auto& text : *rc::gen::arbitrary<std::vector<std::string>>()) {
    const bool hashed = *rc::gen::arbitrary<bool>();
    int64_t time_s = 0;
    some_number(time_s, -10'000'000'000, 10'000'000'000);
    if (!seen.find(text, hashed))
      seen.add({text, hashed, *rc::gen::arbitrary<bool>(), *rc::gen::arbitrary<bool>(), time_s});
  }
  return seen;
}

CheckpointData some_data() {
  CheckpointData data;
  data.identity = *rc::gen::arbitrary<std::string>();
  data.client_id = *rc::gen::arbitrary<std::string>();
  data.backfill_start_text = *rc::gen::arbitrary<std::string>();
  for (int64_t* ns : {&data.origin_ns, &data.frontier_ns, &data.late_opened_ns,
                      &data.fresh_started_ns, &data.late_started_ns, &data.short_goes_on_ns})
    some_time(*ns);
  for (int64_t* second : {&data.split_s, &data.settled_s, &data.passed_from_s, &data.passed_to_s,
                          &data.backfill_s, &data.remembered_from_s})
    some_second(*second);
  for (int64_t* count : {&data.late_requests, &data.since_late, &data.since_backfill})
    some_number(*count, 0, int64_t{1} << 40);
  some_number(data.backfill_narrowed, 0, kMostPages);
  data.backfill_found = *rc::gen::arbitrary<bool>();
  some_number(data.late_took_ns, 0, kMostNs);
  some_number(data.late_width_s, 1, kMostWidth);
  some_number(data.backfill_width_s, 1, kMostWidth);
  for (const SweepKind kind : {SweepKind::kFresh, SweepKind::kLate, SweepKind::kBackfill})
    if (*rc::gen::arbitrary<bool>()) data.sweep(kind) = some_sweep(kind);
  data.live = some_ids();
  data.past = some_ids();
  return data;
}

auto fields_of(const CheckpointData& data) {
  return std::tie(data.identity, data.client_id, data.backfill_start_text, data.origin_ns,
                  data.split_s, data.frontier_ns, data.late_opened_ns, data.settled_s,
                  data.passed_from_s, data.passed_to_s, data.fresh_started_ns, data.late_started_ns,
                  data.late_requests, data.late_took_ns, data.late_width_s, data.since_late,
                  data.since_backfill, data.short_goes_on_ns, data.backfill_s,
                  data.backfill_width_s, data.backfill_narrowed, data.backfill_found,
                  data.remembered_from_s);
}

auto fields_of(const Sweep& sweep) {
  return std::tie(sweep.from_s, sweep.to_s, sweep.end_s, sweep.opened_ns, sweep.page,
                  sweep.requests, sweep.pass, sweep.moved, sweep.asked_again, sweep.short_before,
                  sweep.fingerprint, sweep.equal_pages, sweep.empty_pages, sweep.barren_pages,
                  sweep.seen_before, sweep.seen_bytes_before, sweep.first_fingerprint, sweep.look);
}

RC_GTEST_PROP(Checkpoint, BringsEveryFieldBackAsItWas, ()) {
  const CheckpointData data = some_data();
  const std::string bytes = encode(data);
  const Result<CheckpointData> read = decode(bytes);
  RC_ASSERT(static_cast<bool>(read));
  RC_ASSERT(fields_of(*read) == fields_of(data));
  for (size_t kind = 0; kind < data.sweeps.size(); ++kind) {
    RC_ASSERT(read->sweeps[kind].has_value() == data.sweeps[kind].has_value());
    if (data.sweeps[kind])
      RC_ASSERT(fields_of(*read->sweeps[kind]) == fields_of(*data.sweeps[kind]));
  }
  RC_ASSERT(read->live.encoded() == data.live.encoded());
  RC_ASSERT(read->past.encoded() == data.past.encoded());
  RC_ASSERT(encode(*read) == bytes);
}

RC_GTEST_PROP(Checkpoint, ThatLostOrChangedAByteIsRefused, ()) {
  const std::string bytes = encode(some_data());
  std::string damaged = bytes;
  const size_t at = *rc::gen::inRange<size_t>(0, bytes.size());
  if (*rc::gen::arbitrary<bool>())
    damaged.resize(at);
  else
    damaged[at] = static_cast<char>(damaged[at] ^ *rc::gen::inRange(1, 256));
  const Result<CheckpointData> read = decode(damaged);
  RC_ASSERT(!read);
  RC_ASSERT(read.error().status == Status::kCheckpoint);
}

}  // namespace
}  // namespace aikido
