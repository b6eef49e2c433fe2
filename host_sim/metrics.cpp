#include "host_sim/metrics.hpp"

#include "plugin_api/connector_plugin.h"

namespace host {

void Metrics::record(int32_t kind, MetricKey key, int64_t value) {
  const std::lock_guard lock(mutex_);
  auto found = metrics_.find(key);
  if (found == metrics_.end()) {
    size_t& series = series_[key.pipeline];
    if (series >= kMostPerPipeline) return;
    ++series;
    found = metrics_.emplace(key, Metric{key, kind, 0}).first;
  }
  Metric& metric = found->second;
  // A counter wraps rather than overflow, whatever a plugin adds.
  const uint64_t sum = static_cast<uint64_t>(metric.value) + static_cast<uint64_t>(value);
  metric.value = kind == CONNECTOR_METRIC_GAUGE ? value : static_cast<int64_t>(sum);
}

std::vector<Metric> Metrics::snapshot() {
  const std::lock_guard lock(mutex_);
  std::vector<Metric> all;
  for (const auto& [key, metric] : metrics_) all.push_back(metric);
  return all;
}

std::vector<Metric> Metrics::of(const std::string& pipeline) {
  const std::lock_guard lock(mutex_);
  std::vector<Metric> its;
  for (auto at = metrics_.lower_bound({pipeline, "", ""});
       at != metrics_.end() && at->first.pipeline == pipeline; ++at)
    its.push_back(at->second);
  return its;
}

}  // namespace host
