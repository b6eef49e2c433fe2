// Where a pipeline's secrets are to be had. Never their values: a manifest is copied, committed and
// mailed.
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "host_sim/manifest_fields.hpp"

namespace host {

// `input` is the map that has `secrets`; `description` is the plugin's, or null where the plugin
// could not be loaded (then any name goes). A file is relative to `folder`. No mistake's text
// quotes a value.
std::map<std::string, SecretReference> read_secrets(const Fields& input,
                                                    const nlohmann::json* description,
                                                    const std::filesystem::path& folder,
                                                    Mistakes& mistakes);

// The environment variables that a manifest names for secrets at their place, whatever else is
// wrong with it.
std::set<std::string> secret_variables(const YamlNode& manifest);

}  // namespace host
