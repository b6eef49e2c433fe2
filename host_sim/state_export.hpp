// Pipelines' states as JSON, to be carried to another machine or kept.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "host_sim/state_store.hpp"

namespace host {

// {"version": 1, "pipelines": {NAME: {"plugin": TEXT, "checkpoint": BASE64, "records": N,
//   "updated_ns": N, "output": {"kind": TEXT, "path": TEXT, "device": N, "inode": N,
//   "born_ns": N, "position": N}}}}
nlohmann::json to_json(const PipelineStates& states);

// CHECKPOINT when the text is no such JSON; the error says what is wrong.
Result<PipelineStates> states_from_json(const std::string& text);

}  // namespace host
