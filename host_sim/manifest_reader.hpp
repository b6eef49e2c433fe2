// YAML file -> Manifest, with each pipeline's plugin loaded on the way, because a scalar is read as
// the plugin's schema says (`repository_id: 00123` stays text).
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <variant>

#include "host_sim/manifest.hpp"
#include "host_sim/plugin_loader.hpp"

namespace host {

struct CheckedManifest {
  Manifest manifest;
  std::map<std::string, std::shared_ptr<const Plugin>> plugins;  // by the manifest's plugin name
};

// What else is wrong with a manifest that has mistakes, as far as it could be read: asked for these
// so that all are told in one go.
using FurtherMistakes = std::function<std::vector<Mistake>(const CheckedManifest& as_far)>;

// Told of the variables that hold secrets before any plugin is loaded, for a plugin's file runs
// when it is, and would find them in the environment.
using TakeVariables = std::function<void(const std::set<std::string>& names)>;

// A checked manifest, or all of its mistakes (never an empty list), sorted by line. `loading` is of
// its plugins.
std::variant<CheckedManifest, std::vector<Mistake>> read_manifest(
    const std::filesystem::path& file,
    const std::vector<std::filesystem::path>& plugin_dirs_from_command_line,
    const FurtherMistakes& further = {}, const PluginLoading& loading = load_plugin,
    const TakeVariables& take = {});

// Notes of each the pipeline that its key path leads into.
void name_pipelines(const Manifest& manifest, std::vector<Mistake>& mistakes);

// A plugin's CONFIG text (one "/json/pointer: text" a line) as mistakes at the manifest's lines.
std::vector<Mistake> config_mistakes(const PipelineManifest& pipeline, std::string_view error_text);

// Whether that is how a plugin's error is to be told: CONFIG is, and what is tried again where it
// begins with the pointer of one of the plugin's settings.
bool is_about_settings(const nlohmann::json& description, const connector::Error& error);

// "FILE:LINE: KEY PATH: TEXT", one line.
std::string to_line(const std::filesystem::path& file, const Mistake& mistake);

}  // namespace host
