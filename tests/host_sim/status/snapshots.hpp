// Snapshots for tests of what is made of them.
#pragma once

#include <string>
#include <utility>

#include "host_sim/status/pipeline_snapshot.hpp"

namespace host::status::test {

inline PipelineSnapshot snapshot(std::string name, PipelineHealth health, std::string reason = "") {
  PipelineSnapshot snapshot;
  snapshot.status.name = std::move(name);
  snapshot.status.health = health;
  snapshot.status.reason = std::move(reason);
  return snapshot;
}

}  // namespace host::status::test
