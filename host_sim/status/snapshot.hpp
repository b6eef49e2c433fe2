// All that the status server knows of a host and its pipelines. What it shows was scrubbed where it
// came in: the texts by the pipeline, the metrics by the host's services.
#pragma once

#include <functional>
#include <vector>

#include "host_sim/health.hpp"
#include "host_sim/host_figures.hpp"
#include "host_sim/metrics.hpp"

namespace host::status {

// At one moment.
struct PipelineSnapshot {
  PipelineStatus status;
  std::vector<Metric> metrics;  // the pipeline's own, and those of its plugin
};

// One for each pipeline, in the manifest's order.
struct Snapshot {
  HostFigures host;
  std::vector<PipelineSnapshot> pipelines;
};

// Any thread; waits for nothing.
using TakeSnapshot = std::function<Snapshot()>;

// The same.
struct Source {
  std::function<std::vector<PipelineStatus>()>
      statuses;  // in the manifest's order, without metrics
  TakeSnapshot snapshot;
};

}  // namespace host::status
