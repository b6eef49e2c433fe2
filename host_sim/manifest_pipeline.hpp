// One entry of the manifest's list of pipelines.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "host_sim/manifest_fields.hpp"
#include "host_sim/manifest_plugins.hpp"

namespace host {

// What all entries of one manifest share while it is read. One thread.
struct ManifestReading {
  std::filesystem::path folder;  // absolute; every path is relative to it
  ManifestPlugins plugins;
  Mistakes& mistakes;
  std::map<std::string, std::shared_ptr<const Plugin>>& loaded;  // by its name
};

// Letters, digits, '.', '_' and '-', at most 64: a name stands in logs, in the state and on command
// lines.
bool is_pipeline_name(std::string_view name);

// What could be read of it; what could not is noted as mistakes.
PipelineManifest read_pipeline(const YamlNode& node, const std::string& key_path,
                               ManifestReading& reading);

// Absolute, without "." and "..", relative to the manifest's folder.
std::filesystem::path resolved_path(const ManifestReading& reading, const std::string& path);

}  // namespace host
