// What concerns no single pipeline, since the start.
#pragma once

#include "host_sim/committer.hpp"
#include "host_sim/schedule_delays.hpp"

namespace host {

struct HostFigures {
  ScheduleDelays schedule_delays;
  CommitCounts commits;
};

}  // namespace host
