// The least that the design's rules of sweeps need in a world: worked out from the plan and its
// records alone.
#pragma once

#include <cstdint>

#include "tests/simulation/history.hpp"

namespace simulation {

struct LeastRequests {
  int64_t tokens = 0;
  int64_t live = 0;  // fresh and late sweeps
  int64_t backfill = 0;
  int64_t all() const { return tokens + live + backfill; }
};

// While the host was up within the span; no fault struck, and none of its ends was a crash.
LeastRequests least_requests(const History& history);

}  // namespace simulation
