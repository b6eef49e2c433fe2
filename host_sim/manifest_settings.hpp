// A pipeline's settings, read and checked by its plugin's schema.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "host_sim/manifest_fields.hpp"
#include "host_sim/manifest_plugins.hpp"

namespace host {

// `input` is the map that has `settings` (or has none: then all defaults). Fills the pipeline's
// settings and their places. A setting that is named as one of the plugin's secrets is a mistake,
// for its value would then stand in the manifest.
void read_settings_of(const Fields& input, const UsablePlugin& plugin, PipelineManifest& pipeline,
                      Mistakes& mistakes);

// "/actions/0" under "pipelines[0].input.settings" -> "pipelines[0].input.settings.actions[0]"
std::string setting_path(const std::string& settings_path, const std::string& pointer);

// The place of the value that a pointer names, or of the nearest one that has it inside.
Place setting_place(const std::map<std::string, Place>& places, const std::string& pointer);

}  // namespace host
