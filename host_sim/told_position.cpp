#include "host_sim/told_position.hpp"

#include <algorithm>
#include <map>
#include <string_view>

#include "host_sim/clock.hpp"

namespace host {
namespace {

constexpr std::string_view kRangeLabel = "range=";
constexpr std::string_view kLateSweep = "late_sweep_timestamp_seconds";
constexpr std::string_view kRememberedIds = "remembered_ids";

using Member = std::optional<int64_t> TimeRange::*;

// The member that a gauge of a range tells, or null.
Member member_of(const MetricKey& key) {
  if (!key.labels.starts_with(kRangeLabel)) return nullptr;
  if (key.name == "range_start_timestamp_seconds") return &TimeRange::start_s;
  if (key.name == "range_done_timestamp_seconds") return &TimeRange::done_s;
  if (key.name == "range_end_timestamp_seconds") return &TimeRange::end_s;
  return nullptr;
}

std::optional<int64_t> time_in(int64_t seconds) {
  const bool fits = seconds > INT64_MIN / kNsPerSecond && seconds < INT64_MAX / kNsPerSecond;
  return fits ? std::optional(seconds) : std::nullopt;
}

}  // namespace

bool tells_position(const MetricKey& key) {
  return member_of(key) || key.name == kLateSweep || key.name == kRememberedIds;
}

ToldPosition position_of(const std::vector<Metric>& metrics) {
  ToldPosition position;
  std::map<std::string, TimeRange> ranges;
  for (const auto& [key, kind, value] : metrics) {
    if (key.name == kLateSweep) position.late_sweep_s = time_in(value);
    if (key.name == kRememberedIds) position.remembered_ids = value;
    const Member member = member_of(key);
    if (!member) continue;
    TimeRange& range = ranges[key.labels.substr(kRangeLabel.size())];
    range.*member = time_in(value);
  }
  for (auto& [name, range] : ranges) {
    range.name = name;
    position.ranges.push_back(std::move(range));
  }
  return position;
}

std::optional<int64_t> live_behind_ns(const ToldPosition& position, int64_t now_ns) {
  for (const TimeRange& range : position.ranges)
    if (range.name == "live" && range.done_s)
      return std::max<int64_t>(now_ns - *range.done_s * kNsPerSecond, 0);
  return std::nullopt;
}

}  // namespace host
