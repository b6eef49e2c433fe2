// A pipeline's settings: YAML -> JSON, every scalar read as the plugin's schema says, so that
// `repository_id: 00123` stays text where text is wanted, and 2024-01-15 is no date.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "host_sim/manifest_fields.hpp"
#include "host_sim/settings_schema.hpp"
#include "host_sim/yaml_tree.hpp"

namespace host {

// What was read, and where each value of it stands.
struct ReadSettings {
  nlohmann::json values = nlohmann::json::object();
  std::map<std::string, Place> places;  // by JSON pointer; "" is the settings as a whole
};

// Keys that are given twice or that the schema does not know are mistakes, and left out; whether
// the values are right is for the schema's check. `node` is a map.
ReadSettings read_settings(const YamlNode& node, const SettingsSchema& schema,
                           const std::string& key_path, Mistakes& mistakes);

// One scalar, for a place where `types` are allowed (none: any). What is not of such a type stays
// text, so that the schema's check can refuse it.
nlohmann::json read_scalar(const YamlNode& node, const std::set<std::string>& types);

}  // namespace host
