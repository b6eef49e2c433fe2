// Snapshots for tests of what is made of them.
#pragma once

#include <string>
#include <utility>

#include "host_sim/clock.hpp"
#include "host_sim/status/snapshot.hpp"

namespace host::status::test {

constexpr int64_t kBegin = int64_t{1'700'000'000} * kNsPerSecond;  // 2023-11-14T22:13:20Z

inline PipelineStatus status(std::string name, PipelineHealth health, std::string reason = "") {
  PipelineStatus status;
  status.name = std::move(name);
  status.health = health;
  status.reason = std::move(reason);
  return status;
}

inline PipelineSnapshot snapshot(std::string name, PipelineHealth health, std::string reason = "") {
  return {status(std::move(name), health, std::move(reason)), {}};
}

// Of the pipeline "a".
inline Metric counted(std::string name, std::string labels, int64_t value) {
  return {{"a", std::move(name), std::move(labels)}, CONNECTOR_METRIC_COUNTER, value};
}

inline Metric measured(std::string name, std::string labels, int64_t value) {
  return {{"a", std::move(name), std::move(labels)}, CONNECTOR_METRIC_GAUGE, value};
}

}  // namespace host::status::test
