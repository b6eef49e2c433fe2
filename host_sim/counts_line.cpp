#include "host_sim/counts_line.hpp"

namespace host {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

}  // namespace

std::string counts_line(const PipelineStatus& status, const std::vector<Metric>& metrics) {
  std::string line = "so far: " + std::to_string(status.committed) + " records committed";
  if (status.lag_ns >= 0) line += ", lag " + std::to_string(status.lag_ns / kSecond) + " s";
  for (const Metric& metric : metrics) {
    line += ", " + metric.key.name;
    if (!metric.key.labels.empty()) line += "{" + metric.key.labels + "}";
    line += " " + std::to_string(metric.value);
  }
  return line;
}

}  // namespace host
