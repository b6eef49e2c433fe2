// A state that somebody gives to `state import`: taken or refused, within the caps, and the same
// once it is exported and imported again.
#include "host_sim/plain_text.hpp"
#include "host_sim/plugin_batch.hpp"
#include "host_sim/state_export.hpp"
#include "tests/fuzz/law.hpp"

using fuzz::law;

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto states = host::states_from_json(fuzz::text_of(data, size));
  if (!states) {
    law(states.error().status == connector::Status::kCheckpoint, "a refusal is CHECKPOINT");
    law(host::one_line(states.error().text) == states.error().text, "a refusal is one line");
    return 0;
  }
  for (const auto& [name, state] : *states)
    law(state.checkpoint.size() <= host::kMostCheckpointBytes, "a checkpoint is within its cap");
  const auto again = host::states_from_json(host::to_json(*states).dump());
  law(again && *again == *states, "what was imported is exported, and imported as the same");
  return 0;
}
