#include "plugins/aikido_activity_log/checkpoint.hpp"

#include <zlib.h>

#include <algorithm>
#include <utility>

#include "plugins/aikido_activity_log/checkpoint_bytes.hpp"

namespace aikido {
namespace {

constexpr std::string_view kMagic = "AKAL";
constexpr char kVersion = 1;
constexpr size_t kCrcSize = 4;
constexpr size_t kMostText = size_t{64} << 10;
constexpr int64_t kMostWindowS = kMostNs / kNsPerSecond + 1;
constexpr int64_t kMostCount = int64_t{1} << 40;

// The fields of the format in their order, once for both directions. `Codec` writes or reads; the
// bounds are those that a reader insists on, so that no later sum overflows.
template <class Codec, class Data>
void times(Codec& codec, Data& data) {
  codec.within(data.origin_ns, -kMostNs, kMostNs);
  codec.within(data.split_s, -kMostWindowS, kMostWindowS);
  codec.within(data.frontier_ns, -kMostNs, kMostNs);
  codec.within(data.late_opened_ns, -kMostNs, kMostNs);
  codec.within(data.whole_ns, -kMostNs, kMostNs);
  codec.within(data.settled_s, -kMostWindowS, kMostWindowS);
  codec.within(data.passed_from_s, -kMostWindowS, kMostWindowS);
  codec.within(data.passed_to_s, -kMostWindowS, kMostWindowS);
  codec.within(data.fresh_started_ns, -kMostNs, kMostNs);
  codec.within(data.late_started_ns, -kMostNs, kMostNs);
}

template <class Codec, class Data>
void counts(Codec& codec, Data& data) {
  codec.within(data.late_requests, 0, kMostCount);
  codec.within(data.late_took_ns, 0, kMostNs);
  codec.within(data.late_width_s, 1, kMostWidth);
  codec.within(data.since_late, 0, kMostCount);
  codec.within(data.since_backfill, 0, kMostCount);
  codec.within(data.short_goes_on_ns, -kMostNs, kMostNs);
  codec.within(data.backfill_s, -kMostWindowS, kMostWindowS);
  codec.within(data.backfill_width_s, 1, kMostWidth);
  codec.within(data.backfill_narrowed, 0, kMostPages);
  codec.within(data.backfill_found, 0, 1);
  codec.within(data.remembered_from_s, -kMostWindowS, kMostWindowS);
}

template <class Codec, class Value>
void fields(Codec& codec, Value& sweep) {
  codec.within(sweep.from_s, -kMostWindowS, kMostWindowS);
  codec.within(sweep.to_s, -kMostWindowS, kNoEnd);
  codec.within(sweep.end_s, -kMostWindowS, kMostWindowS);
  codec.within(sweep.opened_ns, -kMostNs, kMostNs);
  codec.within(sweep.page, 0, kMostPages);
  codec.within(sweep.requests, 0, kMostPages);
  codec.within(sweep.pass, 1, 2);
  codec.within(sweep.moved, 0, 1);
  codec.within(sweep.asked_again, 0, 1);
  codec.within(sweep.short_before, 0, 1);
  codec.within(sweep.fingerprint, INT64_MIN, INT64_MAX);
  codec.within(sweep.equal_pages, 0, 1000);
  codec.within(sweep.empty_pages, 0, 1'000'000);
  codec.within(sweep.barren_pages, 0, kMostCount);
  codec.within(sweep.seen_before, 0, kMostCount);
  codec.within(sweep.seen_bytes_before, 0, kMostCount);
  codec.within(sweep.first_fingerprint, INT64_MIN, INT64_MAX);
  codec.within(sweep.look, 0, 2);
}

class Writing {
 public:
  explicit Writing(std::string& out) : writer_(out) {}
  // What is written can be read again, even where a made-up checkpoint stood at a bound.
  template <class Value>
  void within(const Value& value, int64_t least, int64_t most) {
    writer_.signed_number(std::clamp(static_cast<int64_t>(value), least, most));
  }

 private:
  ByteWriter writer_;
};

class Reading {
 public:
  explicit Reading(ByteReader& in) : in_(in) {}
  template <class Value>
  void within(Value& value, int64_t least, int64_t most) {
    value = static_cast<Value>(in_.signed_within(least, most));
  }

 private:
  ByteReader& in_;
};

std::string head(const CheckpointData& data) {
  std::string out;
  ByteWriter writer(out);
  for (const std::string* text : {&data.identity, &data.client_id, &data.backfill_start_text})
    writer.text(*text);
  Writing writing(out);
  times(writing, data);
  counts(writing, data);
  for (const std::optional<Sweep>& sweep : data.sweeps) {
    writer.signed_number(sweep ? 1 : 0);
    if (sweep) fields(writing, *sweep);
  }
  return out;
}

void read_text(ByteReader& in, std::string& text) {
  const std::string_view value = in.text();
  if (value.size() > kMostText) return in.fail();
  text = value;
}

void read_sweep(ByteReader& in, SweepKind kind, std::optional<Sweep>& sweep) {
  if (in.signed_within(0, 1) == 0) return;
  Reading reading(in);
  fields(reading, sweep.emplace());
  const bool bounded = sweep->to_s <= kMostWindowS;
  const bool right_end =
      sweep->reads_to_now() ? kind != SweepKind::kBackfill : bounded && kind != SweepKind::kFresh;
  const bool in_order = sweep->from_s < sweep->to_s;
  const bool right_look = sweep->look != Look::kAhead || sweep->can_be_narrower();
  if (!right_end || !in_order || !right_look) in.fail();
}

bool read_head(std::string_view bytes, CheckpointData& data) {
  ByteReader in(bytes);
  for (std::string* text : {&data.identity, &data.client_id, &data.backfill_start_text})
    read_text(in, *text);
  Reading reading(in);
  times(reading, data);
  counts(reading, data);
  for (const SweepKind kind : {SweepKind::kFresh, SweepKind::kLate, SweepKind::kBackfill})
    read_sweep(in, kind, data.sweep(kind));
  return in.ok() && in.at_end();
}

uint32_t crc_of(std::string_view bytes) {
  const auto* data = reinterpret_cast<const Bytef*>(bytes.data());
  return static_cast<uint32_t>(crc32(0, data, static_cast<uInt>(bytes.size())));
}

uint32_t crc_of_both(uint32_t left, uint32_t right, size_t right_size) {
  return static_cast<uint32_t>(crc32_combine(left, right, static_cast<z_off_t>(right_size)));
}

std::string crc_bytes(uint32_t crc) {
  std::string out;
  for (size_t i = 0; i < kCrcSize; ++i) out.push_back(static_cast<char>((crc >> (8 * i)) & 0xFF));
  return out;
}

Error refused(const std::string& why) { return {Status::kCheckpoint, "the checkpoint " + why}; }

Error damaged() {
  return refused(
      "is damaged: restore the state from a copy (state import), or begin anew with "
      "a `state reset` of this pipeline");
}

// By a version that remembers more.
bool holds_too_much(std::string_view live, std::string_view past) {
  return !(SeenCodec::amount(live, kMostSeen) + SeenCodec::amount(past, kMostSeen))
              .within(kMostSeen);
}

Error too_much() {
  return refused(
      "holds more ids than this version of the plugin remembers (500,000, and 8 MiB of their "
      "text): go on with the version that wrote it, or begin anew with a `state reset` of this "
      "pipeline");
}

}  // namespace

std::string encode(const CheckpointData& data) {
  std::string out(kMagic);
  out.push_back(kVersion);
  ByteWriter writer(out);
  out.reserve(data.seen_size() + 1024);
  writer.text(head(data));
  uint32_t crc = crc_of(out);
  for (const SeenIds* seen : {&data.live, &data.past}) {  // their CRC is known, however long
    const size_t before = out.size();
    writer.number(seen->encoded().size());
    crc = crc_of_both(crc, crc_of(std::string_view(out).substr(before)), out.size() - before);
    out.append(seen->encoded());
    crc = crc_of_both(crc, seen->encoded_crc(), seen->encoded().size());
  }
  return out.append(crc_bytes(crc));
}

Result<CheckpointData> decode(std::string_view bytes) {
  if (bytes.substr(0, kMagic.size()) != kMagic || bytes.size() <= kMagic.size() ||
      bytes.size() > kMostCheckpoint)
    return damaged();
  const auto version = static_cast<unsigned char>(bytes[kMagic.size()]);
  if (version > kVersion)
    return refused("was written by a later version of this plugin (format " +
                   std::to_string(version) + ", this one knows " + std::to_string(kVersion) +
                   "): install that version, or begin anew with a `state reset` of this pipeline");
  if (version != kVersion || bytes.size() < kMagic.size() + 1 + kCrcSize) return damaged();
  const std::string_view body = bytes.substr(0, bytes.size() - kCrcSize);
  if (bytes.substr(body.size()) != crc_bytes(crc_of(body))) return damaged();

  ByteReader in(body.substr(kMagic.size() + 1));
  CheckpointData data;
  const std::string_view head_bytes = in.text();
  const std::string_view live_log = in.text();
  const std::string_view past_log = in.text();
  if (!in.ok() || !in.at_end() || !read_head(head_bytes, data)) return damaged();
  if (holds_too_much(live_log, past_log)) return too_much();
  std::optional<SeenIds> live = SeenIds::decode(live_log);
  std::optional<SeenIds> past = SeenIds::decode(past_log);
  if (!live || !past) return damaged();
  data.live = *std::move(live);
  data.past = *std::move(past);
  return data;
}

}  // namespace aikido
