#include "host_sim/manifest_plugins.hpp"

#include "host_sim/plain_text.hpp"

namespace host {

ManifestPlugins::ManifestPlugins(std::filesystem::path manifest_folder,
                                 std::vector<std::filesystem::path> plugin_folders,
                                 PluginLoading loading)
    : manifest_folder_(std::move(manifest_folder)),
      plugin_folders_(std::move(plugin_folders)),
      loading_(std::move(loading)) {}

const Result<UsablePlugin>& ManifestPlugins::get(const std::string& name,
                                                 const std::optional<std::string>& sha256) {
  const std::pair key(name, sha256);
  const auto known = known_.find(key);
  if (known != known_.end()) return known->second;
  return known_.emplace(key, load(name, sha256)).first->second;
}

const ManifestPlugins::Loaded& ManifestPlugins::load_file(const std::filesystem::path& file,
                                                          const Pin& sha256) {
  std::error_code missing;
  const std::filesystem::path real = std::filesystem::weakly_canonical(file, missing);
  const std::pair key(missing ? file : real, sha256);
  const auto known = loaded_.find(key);
  if (known != loaded_.end()) return known->second;
  return loaded_.emplace(key, loading_(file, sha256)).first->second;
}

Result<UsablePlugin> ManifestPlugins::load(const std::string& name,
                                           const std::optional<std::string>& sha256) {
  const bool is_path = name.find('/') != std::string::npos;
  const Result<std::filesystem::path> file = find_plugin(
      is_path ? (manifest_folder_ / name).lexically_normal().string() : name, plugin_folders_);
  if (!file) return file.error();
  const Loaded& plugin = load_file(*file, sha256);
  if (!plugin) return plugin.error();
  // Pipelines, their state and their pace go by the plugin's name: it must mean one file.
  const std::string& loaded_file = (*plugin)->file();
  const auto first = files_.emplace((*plugin)->name(), loaded_file).first;
  if (first->second != loaded_file)
    return Error{Status::kConfig, loaded_file + " and " + first->second + " are both called " +
                                      (*plugin)->name() + "; name one of them alone"};
  Result<SchemaCheck> schema = SchemaCheck::make((*plugin)->description().at("settings"));
  if (!schema)
    return Error{Status::kConfig, "the plugin " + loaded_file +
                                      " cannot be used: its settings "
                                      "schema is wrong: " +
                                      one_line(schema.error().text)};
  return UsablePlugin{*plugin, *std::move(schema)};
}

}  // namespace host
