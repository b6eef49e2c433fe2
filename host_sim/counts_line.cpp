#include "host_sim/counts_line.hpp"

#include "host_sim/told_position.hpp"
#include "host_sim/wording.hpp"

namespace host {
std::string counts_line(const PipelineStatus& status, const std::vector<Metric>& metrics) {
  std::string line = "so far: " + counted(status.committed, "record") + " committed";
  if (const auto behind_ns = live_behind_ns(position_of(metrics), status.now_ns))
    line += ", live " + duration_text(*behind_ns) + " behind";
  if (status.lag_ns >= 0) line += ", settled to " + duration_text(status.lag_ns) + " ago";
  for (const Metric& metric : metrics) {
    if (metric.key.name.ends_with("_timestamp_seconds")) continue;  // no count of anything
    line += ", " + metric.key.name;
    if (!metric.key.labels.empty()) line += "{" + metric.key.labels + "}";
    line += " " + std::to_string(metric.value);
  }
  return line;
}

}  // namespace host
