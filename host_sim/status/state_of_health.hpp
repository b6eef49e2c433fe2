// /healthz: one answer for all pipelines.
#pragma once

#include <string>
#include <vector>

#include "host_sim/health.hpp"

namespace host::status {

struct StateOfHealth {
  bool well = false;
  std::string text;  // a line for each pipeline that is not Running: "NAME: erroring: REASON"
};

// Well is when every pipeline collects, be it more slowly than it would like, or is caught up in a
// run that ends. One that has not shown yet that it can is not, and neither is a host that still
// waits for its state.
StateOfHealth state_of_health(const std::vector<PipelineStatus>& pipelines);

// Whether this one is well.
bool is_well(const PipelineStatus& status);

}  // namespace host::status
