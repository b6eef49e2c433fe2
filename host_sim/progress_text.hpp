// The live line of a terminal: how far a pipeline is, or all of them together.
#pragma once

#include <string>
#include <vector>

#include "host_sim/progress_rate.hpp"
#include "host_sim/status/snapshot.hpp"

namespace host {

// Both fit into `columns`; what a narrow terminal has no room for is left out, the least important
// first.

// "demo  2024-01-15 [####------] 2026-01-01  43.2 %  21600 records  15.0/s  about 2 h 10 min left
// live 5 s behind"; without a backfill there is no bar. What is not running says so.
std::string progress_text(const status::PipelineSnapshot& pipeline, const ProgressRate& rate,
                          size_t columns);

// The same of several: "7 pipelines: 5 running, 2 erroring  ...", with the time that the slowest
// backfill has left once each of them can tell, and how far the slowest is behind with what is
// live. `rates` in the order of the pipelines.
std::string total_text(const std::vector<status::PipelineSnapshot>& pipelines,
                       const std::vector<const ProgressRate*>& rates, size_t columns);

}  // namespace host
