#include "host_sim/counts_line.hpp"

#include <map>

#include "host_sim/told_position.hpp"
#include "host_sim/wording.hpp"
#include "plugin_api/connector_plugin.h"

namespace host {
namespace {

constexpr std::string_view kTotal = "_total";

// What was counted, whatever its labels; not the records, which the line begins with.
std::map<std::string, int64_t> sums_of(const std::vector<Metric>& metrics) {
  std::map<std::string, int64_t> sums;
  for (const Metric& metric : metrics) {
    std::string_view name = metric.key.name;
    if (metric.kind != CONNECTOR_METRIC_COUNTER || name == "records_total") continue;
    if (name.ends_with(kTotal)) name.remove_suffix(kTotal.size());
    sums[std::string(name)] += metric.value;
  }
  return sums;
}

}  // namespace

std::string counts_line(const PipelineStatus& status, const std::vector<Metric>& metrics) {
  std::string line = "so far: " + counted(status.committed, "record") + " committed";
  if (const auto behind_ns = live_behind_ns(position_of(metrics), status.now_ns))
    line += ", live " + duration_text(*behind_ns) + " behind";
  if (status.lag_ns >= 0) line += ", settled to " + duration_text(status.lag_ns) + " ago";
  const char* between = "; in this run ";
  for (const auto& [name, sum] : sums_of(metrics)) {
    if (sum == 0) continue;
    line += between + name + " " + std::to_string(sum);
    between = ", ";
  }
  return line;
}

}  // namespace host
