// All that the status server knows of a pipeline. What it shows was scrubbed where it came in: the
// texts by the pipeline, the metrics by the host's services.
#pragma once

#include <functional>
#include <vector>

#include "host_sim/health.hpp"
#include "host_sim/metrics.hpp"

namespace host::status {

// At one moment.
struct PipelineSnapshot {
  PipelineStatus status;
  std::vector<Metric> metrics;  // the pipeline's own, and those of its plugin
};

// One for each pipeline, in the manifest's order. Any thread; waits for nothing.
using Snapshots = std::function<std::vector<PipelineSnapshot>()>;

}  // namespace host::status
