// Finds plugin files by name, checks them, and loads each once for the life of the process.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "host_sim/plugin.hpp"

namespace host {

// Where plugins are looked for, first hit wins: --plugin-dir, CONNECTOR_PLUGIN_PATH
// (colon-separated), the manifest's plugin_dir, <program>/../plugins,
// <prefix>/lib/connector/plugins.
std::vector<std::filesystem::path> plugin_folders(
    const std::vector<std::filesystem::path>& from_command_line,
    const std::optional<std::filesystem::path>& from_manifest);

// The file `<name>.so` (or a path, when `name` has a slash) in the first folder that has it.
// The error lists every folder that was searched.
Result<std::filesystem::path> find_plugin(const std::string& name,
                                          const std::vector<std::filesystem::path>& folders);

// "aikido_activity_log" of "aikido_activity_log.so" and of "aikido_activity_log.so.1".
std::string plugin_stem(const std::filesystem::path& file);

// Loads by real path: bind now, never unloaded, the same path once. Refuses a file or folder that
// others can write, an unwanted SHA-256, a missing function (both before anything of it runs),
// another ABI version, a description that is no JSON object of the documented form. Any thread.
Result<std::shared_ptr<const Plugin>> load_plugin(const std::filesystem::path& file,
                                                  const std::optional<std::string>& sha256 = {});

// Whether that would load nothing new. Any thread.
bool is_loaded(const std::filesystem::path& file);

// load_plugin, or something that does more before it.
using PluginLoading = std::function<Result<std::shared_ptr<const Plugin>>(
    const std::filesystem::path& file, const std::optional<std::string>& sha256)>;

}  // namespace host
