// One host over all tenants: started, measured while it polls, stopped and started again.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "tests/many_pipelines/process_usage.hpp"
#include "tests/many_pipelines/requests_seen.hpp"
#include "tests/many_pipelines/tenants.hpp"
#include "tests/support/program.hpp"

namespace many_pipelines {

struct Figures {
  double first_round_s = 0;   // from the first start to the last client's first poll
  double second_round_s = 0;  // the same from a start with a state, of a host that ended
  double span_s = 0;          // that was measured
  Polls polls;                // in it
  double cpu_s = 0;           // in it
  double mean_delay_ms = 0;   // of a turn in it that had a time
  double p99_delay_ms = 0;    // 99 of 100 of them began within it, by the host's histogram
  double syncs = 0;           // of outputs and of the state, in it
  ProcessUsage usage;         // at its end
};

// Throws std::runtime_error, with what the host said, when it ends by itself or not every client
// polls within ten minutes.
Figures measure(const Options& options);

}  // namespace many_pipelines
