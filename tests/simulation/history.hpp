// What happened in a world: all that the laws look at, and nothing that they could take from the
// parts under test. True times, in nanoseconds since 1970; the server's clock is `offset_ns` ahead.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "host_sim/health.hpp"
#include "tests/fake_aikido/request_log.hpp"
#include "tests/simulation/plan.hpp"
#include "tests/simulation/record.hpp"

namespace simulation {

// A line that was seen in the output.
struct Written {
  int64_t time_ns = 0;
  size_t record = 0;  // index into Activity::records, or kUnknown
  static constexpr size_t kUnknown = SIZE_MAX;
};

// The state right after a commit, beside the output as it was durable before it.
struct Committed {
  int64_t time_ns = 0;
  int64_t records = 0;   // as the state claims
  int64_t position = 0;  // of a file
  int64_t durable_lines = 0;
  int64_t durable_bytes = 0;
  size_t checkpoint_bytes = 0;
};

struct Sample {
  int64_t time_ns = 0;
  host::PipelineStatus status;
};

struct History {
  Plan plan;
  int64_t begin_ns = 0;
  int64_t end_ns = 0;  // of the plan's span
  int64_t offset_ns = 0;
  int64_t origin_ns = 0;  // by the server's clock, as the first checkpoint says
  Activity activity;

  std::vector<Written> written;    // in order, those that a crash took back included
  std::vector<std::string> lines;  // of the output in the end
  std::vector<Committed> commits;  // some of them
  std::vector<Sample> samples;
  std::vector<fake_aikido::LoggedRequest> requests;  // time_ns: the server's clock
  std::vector<int64_t> crashes;
  int last_exit_code = 0;  // of the run that caught up in the end
  std::string last_log;
};

}  // namespace simulation
