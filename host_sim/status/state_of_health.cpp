#include "host_sim/status/state_of_health.hpp"

#include <algorithm>

namespace host::status {

bool is_well(const PipelineStatus& status) {
  return status.health == PipelineHealth::kRunning || status.health == PipelineHealth::kThrottled ||
         status.caught_up;
}

StateOfHealth state_of_health(const std::vector<PipelineStatus>& pipelines) {
  if (pipelines.empty()) return {false, "the host is starting: its state is not open yet\n"};
  StateOfHealth health{std::all_of(pipelines.begin(), pipelines.end(), is_well), ""};
  for (const PipelineStatus& status : pipelines) {
    if (status.health == PipelineHealth::kRunning) continue;
    health.text.append(status.name).append(": ").append(to_text(status.health));
    if (!status.reason.empty()) health.text.append(": ").append(status.reason);
    health.text += '\n';
  }
  if (health.text.empty()) health.text = "ok\n";
  return health;
}

}  // namespace host::status
