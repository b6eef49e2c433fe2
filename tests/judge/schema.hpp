// JSON Schema (draft 7) as the description's `settings` has it.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

namespace judge {

// The first thing that the schema has against the value, "/pointer: text"; nothing when it is
// valid. Broken when the schema itself is none.
std::optional<std::string> first_mistake(const nlohmann::json& schema, const nlohmann::json& value);

}  // namespace judge
