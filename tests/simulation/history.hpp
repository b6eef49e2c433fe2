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
  int64_t unfounded = 0;  // records that it takes for delivered, and the output does not have
};

// The host was up in [from_ns, to_ns).
struct Run {
  int64_t from_ns = 0;
  int64_t to_ns = 0;
};

// An attempt to write to the output or to commit.
struct Keeping {
  int64_t time_ns = 0;
  bool refused = false;  // by the disk
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
  // Of the second pipeline, where there is one. All else is of the first, or of both: the requests.
  std::vector<std::string> second_lines;
  int64_t second_origin_ns = 0;
  std::vector<Committed> commits;  // some of them
  std::vector<Sample> samples;
  std::vector<fake_aikido::LoggedRequest> requests;  // time_ns: the server's clock
  std::vector<Run> runs;                             // within the span; a crash ends one, too
  std::vector<Keeping> keepings;
  int64_t last_watermark_ns = 0;  // of the server's clock, in the end
  int64_t last_begin_ns = 0;      // when the run that caught up began
  int64_t grown_bytes = 0;        // of the process's memory, at its most; 0: not measured
  int last_exit_code = 0;         // of the run that caught up in the end
  std::string last_log;
};

}  // namespace simulation
