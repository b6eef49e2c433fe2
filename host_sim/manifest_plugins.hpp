// The plugins that a manifest names, each found, loaded and its schema compiled once.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "host_sim/plugin_loader.hpp"
#include "host_sim/schema_check.hpp"

namespace host {

struct UsablePlugin {
  std::shared_ptr<const Plugin> plugin;
  SchemaCheck schema;
};

// One thread.
class ManifestPlugins {
 public:
  // A path (a name with a slash in it) is relative to `manifest_folder`.
  ManifestPlugins(std::filesystem::path manifest_folder,
                  std::vector<std::filesystem::path> plugin_folders, PluginLoading loading);

  // The plugin, or why it cannot be used. Valid as long as this object.
  const Result<UsablePlugin>& get(const std::string& name,
                                  const std::optional<std::string>& sha256);

 private:
  using Loaded = Result<std::shared_ptr<const Plugin>>;
  using Pin = std::optional<std::string>;

  Result<UsablePlugin> load(const std::string& name, const Pin& sha256);
  // Once for each file, for it may take long to see that one hangs.
  const Loaded& load_file(const std::filesystem::path& file, const Pin& sha256);

  std::filesystem::path manifest_folder_;
  std::vector<std::filesystem::path> plugin_folders_;
  PluginLoading loading_;
  std::map<std::pair<std::string, Pin>, Result<UsablePlugin>> known_;
  std::map<std::pair<std::filesystem::path, Pin>, Loaded> loaded_;  // by real path
  std::map<std::string, std::string> files_;  // of a plugin that calls itself so
};

}  // namespace host
