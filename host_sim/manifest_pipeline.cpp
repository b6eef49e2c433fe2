#include "host_sim/manifest_pipeline.hpp"

#include <algorithm>

#include "host_sim/manifest_secrets.hpp"
#include "host_sim/manifest_settings.hpp"

namespace host {
namespace {

constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kDigits = "0123456789";

bool consists_of(std::string_view text, const std::string& characters) {
  return text.find_first_not_of(characters) == std::string_view::npos;
}

void read_name(const Fields& fields, PipelineManifest& pipeline) {
  const auto name = fields.required_text("name", "give one that is not used for another pipeline");
  if (name && is_pipeline_name(*name))
    pipeline.name = *name;
  else if (name)
    fields.add_mistake("name",
                       "must be of letters, digits, '.', '_' and '-', begin with a letter or "
                       "digit, and be at most 64 long");
}

// False where there is one, and it cannot be read: then nothing may be loaded.
bool read_pin(const Fields& input, PipelineManifest& pipeline) {
  auto pin = input.text("sha256");
  if (!pin) return !input.find("sha256");
  std::transform(pin->begin(), pin->end(), pin->begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (pin->size() == 64 && consists_of(*pin, "0123456789abcdef")) {
    pipeline.sha256 = std::move(pin);
    return true;
  }
  input.add_mistake("sha256",
                    "must be the 64 hex digits that sha256sum prints for the plugin's file");
  return false;
}

bool is_plugin_name(std::string_view name) {
  const bool path = name.find('/') != std::string_view::npos;
  return path || consists_of(name, std::string(kLetters) + std::string(kDigits) + "_-");
}

// Null where it cannot be used.
const UsablePlugin* read_plugin(const Fields& input, PipelineManifest& pipeline,
                                ManifestReading& reading) {
  const auto name = input.required_text("plugin", "`host_sim plugins` lists what there is");
  if (!name) return nullptr;
  if (!is_plugin_name(*name)) {
    input.add_mistake("plugin",
                      "must be a plugin's name without .so, or a path with a slash in it");
    return nullptr;
  }
  const Result<UsablePlugin>& found = reading.plugins.get(*name, pipeline.sha256);
  if (!found) {
    input.add_mistake("plugin", found.error().text);
    return nullptr;
  }
  pipeline.plugin = found->plugin->name();
  reading.loaded.emplace(pipeline.plugin, found->plugin);
  return &*found;
}

void read_input(const Fields& fields, PipelineManifest& pipeline, ManifestReading& reading) {
  const YamlMember* member = fields.require("input", "say which plugin collects");
  if (!member) return;
  const Fields input(member->value, member->place, fields.path_of("input"),
                     {"plugin", "sha256", "settings", "secrets"}, reading.mistakes);
  if (!input.is_map()) return;
  const UsablePlugin* plugin =
      read_pin(input, pipeline) ? read_plugin(input, pipeline, reading) : nullptr;
  if (plugin) read_settings_of(input, *plugin, pipeline, reading.mistakes);
  pipeline.secrets = read_secrets(input, plugin ? &plugin->plugin->description() : nullptr,
                                  reading.folder, reading.mistakes);
}

void read_file_path(const Fields& output, PipelineManifest& pipeline,
                    const ManifestReading& reading) {
  const auto path = output.required_text("path", "give the file to append to");
  if (!path) return;
  pipeline.output.path = resolved_path(reading, *path);
  pipeline.output_place = output.place_of("path");
}

void read_output(const Fields& fields, PipelineManifest& pipeline, ManifestReading& reading) {
  const YamlMember* member =
      fields.require("output", "give {type: file, path: PATH} or {type: stdout}");
  if (!member) return;
  pipeline.output_place = member->place;
  const Fields output(member->value, member->place, fields.path_of("output"), {"type", "path"},
                      reading.mistakes);
  const auto type = output.required_text("type", "say file or stdout");
  if (!type) return;
  if (*type == "file") {
    pipeline.output.type = OutputSettings::Type::kFile;
    read_file_path(output, pipeline, reading);
  } else if (*type != "stdout") {
    output.add_mistake("type", "must be file or stdout");
  } else if (output.find("path")) {
    output.add_mistake("path", "belongs to type: file; remove it, or write type: file");
  }
}

}  // namespace

bool is_pipeline_name(std::string_view name) {
  const std::string begin = std::string(kLetters) + std::string(kDigits);
  return !name.empty() && name.size() <= 64 && consists_of(name.substr(0, 1), begin) &&
         consists_of(name, begin + "._-");
}

PipelineManifest read_pipeline(const YamlNode& node, const std::string& key_path,
                               ManifestReading& reading) {
  PipelineManifest pipeline;
  pipeline.settings = nlohmann::json::object();
  pipeline.place = node.place;
  pipeline.key_path = key_path;
  const Fields fields(node, node.place, key_path, {"name", "input", "output"}, reading.mistakes);
  if (!fields.is_map()) return pipeline;
  read_name(fields, pipeline);
  read_input(fields, pipeline, reading);
  read_output(fields, pipeline, reading);
  return pipeline;
}

std::filesystem::path resolved_path(const ManifestReading& reading, const std::string& path) {
  return (reading.folder / path).lexically_normal();
}

}  // namespace host
