// Settings that are valid, and likely a slip of the pen.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace host::commands {

// A line for each text that is near to one of its schema's examples and is none of them:
// "/actions/0: "snoozd" is none of the values that are known; did you mean snoozed?"
std::string doubts(const nlohmann::json& schema, const nlohmann::json& settings);

}  // namespace host::commands
