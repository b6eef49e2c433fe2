// What `state show` shows: each pipeline's position, and what it has told of itself.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "host_sim/state_store.hpp"

namespace host::commands {

struct ShownState {
  std::optional<PipelineState> committed;  // none where it failed before its first commit
  StateReport report;
};

using ShownStates = std::map<std::string, ShownState>;  // by the pipeline's name

Result<ShownStates> look_at(StateStore& store);

// For people: a block of lines for each pipeline.
std::string to_table(const ShownStates& states);

// {"pipelines": [{"name": TEXT, "plugin": TEXT, "records": N, "last_commit": TIME,
//   "checkpoint_bytes": N, "output": {"kind": TEXT, "path": TEXT, "position": N},
//   "ranges": [{"name": TEXT, "start": TIME, "done": TIME, "end": TIME}], "last_late_sweep": TIME,
//   "remembered_ids": N, "last_error": {"time": TIME, "text": TEXT, "delivered_since": BOOLEAN}}]}
// in the order of the names; what is not known is null.
nlohmann::ordered_json to_json(const ShownStates& states);

}  // namespace host::commands
