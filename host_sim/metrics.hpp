// Counters and gauges of the host and its plugins, in memory.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace host {

struct MetricKey {
  std::string pipeline;
  std::string name;                                    // snake_case with its unit
  std::string labels;                                  // "key=value,key=value", or empty
  auto operator<=>(const MetricKey&) const = default;  // NOLINT(modernize-use-nullptr)
};

struct Metric {
  MetricKey key;
  int32_t kind = 0;  // CONNECTOR_METRIC_...
  int64_t value = 0;
};

// Any thread.
class Metrics {
 public:
  // A counter's value is added, a gauge's replaces the last one. A pipeline has at most
  // kMostPerPipeline series; what comes beyond is not kept.
  void record(int32_t kind, MetricKey key, int64_t value);
  std::vector<Metric> snapshot();
  std::vector<Metric> of(const std::string& pipeline);

  static constexpr size_t kMostPerPipeline = 1000;

 private:
  struct Value {
    int32_t kind = 0;
    int64_t value = 0;
  };
  using Series = std::map<std::pair<std::string, std::string>, Value>;  // by name and labels

  std::mutex mutex_;
  std::map<std::string, Series> pipelines_;
};

}  // namespace host
