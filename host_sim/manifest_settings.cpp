#include "host_sim/manifest_settings.hpp"

#include <algorithm>

#include "host_sim/settings_reader.hpp"

namespace host {
namespace {

using nlohmann::json;

bool is_secret(const json& description, const std::string& name) {
  const auto secrets = description.find("secrets");
  return secrets != description.end() &&
         std::any_of(secrets->begin(), secrets->end(),
                     [&name](const json& secret) { return secret.at("name") == name; });
}

// Takes such settings out, for what follows might quote them.
YamlNode without_secrets(const YamlNode& settings, const json& description, const std::string& path,
                         Mistakes& mistakes) {
  YamlNode result = settings;
  std::erase_if(result.members, [&](const YamlMember& member) {
    const bool secret = is_secret(description, member.key);
    if (secret)
      mistakes.add(member.place, member_path(path, member.key),
                   "is a secret, and no setting; remove it here and give it under input.secrets "
                   "as {env: NAME} or {file: PATH}");
    return secret;
  });
  return result;
}

std::string missing_text(const SettingsSchema& schema) {
  const std::string about = schema.description();
  return "is missing; add it" + (about.empty() ? "" : " (" + about + ")");
}

Mistake mistake_of(const SchemaFault& fault, const SettingsSchema& schema,
                   const std::map<std::string, Place>& places, const std::string& path) {
  const SettingsSchema here = schema.at(fault.pointer);
  const Place place = setting_place(places, fault.pointer);
  const std::string key_path = setting_path(path, fault.pointer);
  if (!fault.missing.empty())
    return {place, member_path(key_path, fault.missing),
            missing_text(here.property(fault.missing))};
  const std::string demand = here.demand();
  return {place, key_path, demand.empty() ? fault.text : demand};
}

// From the last to the first; none where a plugin's text is no JSON pointer.
std::vector<std::string> tokens_of(const std::string& pointer) {
  std::vector<std::string> tokens;
  try {
    for (json::json_pointer rest(pointer); !rest.empty(); rest.pop_back())
      tokens.push_back(rest.back());
  } catch (const json::exception&) {
    tokens.clear();
  }
  return tokens;
}

// The top-level setting that it is about, or empty.
std::string setting_of(const SchemaFault& fault) {
  const std::vector<std::string> tokens = tokens_of(fault.pointer);
  return tokens.empty() ? fault.missing : tokens.back();
}

}  // namespace

std::string setting_path(const std::string& settings_path, const std::string& pointer) {
  const std::vector<std::string> tokens = tokens_of(pointer);
  std::string path = settings_path;
  for (auto token = tokens.rbegin(); token != tokens.rend(); ++token) {
    const bool index = token->find_first_not_of("0123456789") == std::string::npos;
    if (index)
      path.append("[").append(*token).append("]");
    else
      path = member_path(path, *token);
  }
  return path;
}

Place setting_place(const std::map<std::string, Place>& places, const std::string& pointer) {
  for (std::string rest = pointer;;) {
    const auto found = places.find(rest);
    if (found != places.end()) return found->second;
    const size_t slash = rest.rfind('/');
    if (slash == std::string::npos) return {};
    rest.resize(slash);
  }
}

void read_settings_of(const Fields& input, const UsablePlugin& plugin, PipelineManifest& pipeline,
                      Mistakes& mistakes) {
  const json& description = plugin.plugin->description();
  const SettingsSchema schema(description.at("settings"));
  const std::string path = input.path_of("settings");
  const YamlMember* settings = input.find("settings");
  YamlNode node;
  node.kind = YamlNode::Kind::kMap;  // none given: an empty one
  if (settings && settings->value.kind != YamlNode::Kind::kNull) node = settings->value;
  if (!node.is_map()) {
    pipeline.wrong_settings.insert("");
    input.add_mistake("settings", "must be a map, and is " + std::string(kind_name(node.kind)));
    return;
  }
  ReadSettings read =
      read_settings(without_secrets(node, description, path, mistakes), schema, path, mistakes);
  read.places[""] = input.place_of("settings");
  const Result<std::vector<SchemaFault>> faults = plugin.schema.check(read.values);
  if (!faults)
    return input.add_mistake(
        "plugin", "the plugin " + plugin.plugin->file() +
                      " cannot be used: its settings schema is wrong: " + faults.error().text);
  for (const SchemaFault& fault : *faults) {
    pipeline.wrong_settings.insert(setting_of(fault));
    Mistake mistake = mistake_of(fault, schema, read.places, path);
    mistakes.add(mistake.place, std::move(mistake.key_path), std::move(mistake.text));
  }
  pipeline.settings = std::move(read.values);
  pipeline.setting_places = std::move(read.places);
}

}  // namespace host
