// What a pipeline has done so far, as one line of the log.
#pragma once

#include <string>
#include <vector>

#include "host_sim/health.hpp"
#include "host_sim/metrics.hpp"

namespace host {

// "so far: 25 records committed, live 5 s behind, settled to 95 s ago; in this run bytes 9000,
// requests 6": the records of all runs, how far live ones are read, the watermark, and what host
// and plugin have counted; /metrics has each by its labels.
std::string counts_line(const PipelineStatus& status, const std::vector<Metric>& metrics);

}  // namespace host
