#include "host_sim/metrics.hpp"

#include "plugin_api/connector_plugin.h"

namespace host {
namespace {

template <class Series>
void append(std::vector<Metric>& all, const std::string& pipeline, const Series& series) {
  for (const auto& [name_and_labels, value] : series)
    all.push_back(
        {{pipeline, name_and_labels.first, name_and_labels.second}, value.kind, value.value});
}

}  // namespace

void Metrics::record(int32_t kind, MetricKey key, int64_t value) {
  const std::lock_guard lock(mutex_);
  Series& series = pipelines_[std::move(key.pipeline)];
  const std::pair name_and_labels(std::move(key.name), std::move(key.labels));
  auto found = series.find(name_and_labels);
  if (found == series.end()) {
    if (series.size() >= kMostPerPipeline) return;
    found = series.emplace(name_and_labels, Value{kind, 0}).first;
  }
  Value& now = found->second;
  // A counter wraps rather than overflow, whatever a plugin adds.
  const uint64_t sum = static_cast<uint64_t>(now.value) + static_cast<uint64_t>(value);
  now.value = kind == CONNECTOR_METRIC_GAUGE ? value : static_cast<int64_t>(sum);
}

std::vector<Metric> Metrics::snapshot() {
  const std::lock_guard lock(mutex_);
  std::vector<Metric> all;
  for (const auto& [pipeline, series] : pipelines_) append(all, pipeline, series);
  return all;
}

std::vector<Metric> Metrics::of(const std::string& pipeline) {
  const std::lock_guard lock(mutex_);
  std::vector<Metric> its;
  if (const auto found = pipelines_.find(pipeline); found != pipelines_.end())
    append(its, pipeline, found->second);
  return its;
}

}  // namespace host
