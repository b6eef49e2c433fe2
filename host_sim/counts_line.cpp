#include "host_sim/counts_line.hpp"

namespace host {
std::string counts_line(const PipelineStatus& status, const std::vector<Metric>& metrics) {
  std::string line = "so far: " + std::to_string(status.committed) + " records committed";
  if (status.lag_ns >= 0) line += ", lag " + std::to_string(status.lag_ns / kNsPerSecond) + " s";
  for (const Metric& metric : metrics) {
    if (metric.key.name.ends_with("_timestamp_seconds")) continue;  // no count of anything
    line += ", " + metric.key.name;
    if (!metric.key.labels.empty()) line += "{" + metric.key.labels + "}";
    line += " " + std::to_string(metric.value);
  }
  return line;
}

}  // namespace host
