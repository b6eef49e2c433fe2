// Where a plugin stands, as its well-known gauges tell it (connector_host.metric): the host knows
// the gauges, and not what they are about.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "host_sim/metrics.hpp"

namespace host {

// A span of time that is read from its start on. Seconds since 1970 that fit into nanoseconds.
struct TimeRange {
  std::string name;
  std::optional<int64_t> start_s;
  std::optional<int64_t> done_s;  // read to here
  std::optional<int64_t> end_s;   // none where it goes on for ever
  bool operator==(const TimeRange&) const = default;
};

// What was not told is none.
struct ToldPosition {
  std::vector<TimeRange> ranges;  // by name
  std::optional<int64_t> late_sweep_s;
  std::optional<int64_t> remembered_ids;
};

bool tells_position(const MetricKey& key);
ToldPosition position_of(const std::vector<Metric>& metrics);

// How far the range "live" is behind `now_ns` (wall clock), never negative; none where it was not
// told.
std::optional<int64_t> live_behind_ns(const ToldPosition& position, int64_t now_ns);

}  // namespace host
