// What a plugin says of itself: read with caps, and of the documented form.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "host_sim/plugin.hpp"

namespace host {

// `text` is what connector_describe gave, `file_stem` the plugin's file without ".so". The error
// says what is wrong with it.
Result<nlohmann::json> read_description(connector_text text, std::string_view file_stem);

}  // namespace host
