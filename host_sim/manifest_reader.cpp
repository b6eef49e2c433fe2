#include "host_sim/manifest_reader.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "host_sim/manifest_files.hpp"
#include "host_sim/manifest_pipeline.hpp"
#include "host_sim/manifest_secrets.hpp"
#include "host_sim/manifest_settings.hpp"
#include "host_sim/plain_text.hpp"

namespace host {
namespace {

namespace fs = std::filesystem;

// The file's text, at most a piece over what is allowed: room for all of that is not taken, and
// cleared, for a file of a few lines.
std::variant<std::string, Mistake> read_text(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string text;
  std::array<char, 16'384> piece;
  while (stream && text.size() <= kMostYamlBytes) {
    stream.read(piece.data(), piece.size());
    text.append(piece.data(), static_cast<size_t>(stream.gcount()));
  }
  // A folder opens, and fails when it is read.
  if (!stream.is_open() || stream.bad())
    return Mistake{
        {}, "", std::string("cannot be read: ") + std::strerror(errno) + "; name a readable file"};
  return text;
}

std::variant<YamlNode, Mistake> read_tree(const fs::path& file) {
  std::variant<std::string, Mistake> text = read_text(file);
  if (auto* mistake = std::get_if<Mistake>(&text)) return std::move(*mistake);
  return parse_yaml(std::get<std::string>(text));
}

void read_version(const Fields& root) {
  const auto version = root.required_text("version", "write version: 1");
  if (version && *version != "1") root.add_mistake("version", "must be 1, the only one there is");
}

std::optional<fs::path> read_plugin_dir(const Fields& root, const fs::path& folder) {
  const auto plugin_dir = root.text("plugin_dir");
  if (!plugin_dir) return {};
  return (folder / *plugin_dir).lexically_normal();
}

void read_pipelines(const Fields& root, ManifestReading& reading, Manifest& manifest) {
  const YamlMember* member = root.require("pipelines", "list at least one");
  if (!member) return;
  if (!member->value.is_sequence() || member->value.items.empty())
    return root.add_mistake("pipelines", "must be a list of at least one pipeline");
  for (size_t i = 0; i < member->value.items.size(); ++i)
    manifest.pipelines.push_back(
        read_pipeline(member->value.items[i], "pipelines[" + std::to_string(i) + "]", reading));
}

void refuse_equal_names(const Manifest& manifest, Mistakes& mistakes) {
  std::map<std::string, const PipelineManifest*> first;  // by name
  for (const PipelineManifest& pipeline : manifest.pipelines) {
    if (pipeline.name.empty()) continue;
    const auto [known, is_new] = first.emplace(pipeline.name, &pipeline);
    if (!is_new)
      mistakes.add(pipeline.place, pipeline.key_path + ".name",
                   "is the name of " + known->second->key_path + " at line " +
                       std::to_string(known->second->place.line) + ", too; give each its own");
  }
}

CheckedManifest read_root(const YamlNode& tree, const fs::path& file,
                          const std::vector<fs::path>& plugin_dirs, const PluginLoading& loading,
                          Mistakes& mistakes) {
  const fs::path folder = file.parent_path();
  const Fields root(tree, tree.place, "", {"version", "state", "plugin_dir", "pipelines"},
                    mistakes);
  CheckedManifest result;
  result.manifest.file = file;
  read_version(root);
  if (const auto state = root.required_text("state", "name the file that remembers positions"))
    result.manifest.state = (folder / *state).lexically_normal();
  result.manifest.state_place = root.place_of("state");
  result.manifest.plugin_dir = read_plugin_dir(root, folder);
  ManifestReading reading{
      folder,
      ManifestPlugins(folder, plugin_folders(plugin_dirs, result.manifest.plugin_dir), loading),
      mistakes, result.plugins};
  read_pipelines(root, reading, result.manifest);
  refuse_equal_names(result.manifest, mistakes);
  check_files(result, mistakes);
  return result;
}

}  // namespace

std::variant<CheckedManifest, std::vector<Mistake>> read_manifest(
    const fs::path& file, const std::vector<fs::path>& plugin_dirs_from_command_line,
    const FurtherMistakes& further, const PluginLoading& loading, const TakeVariables& take) {
  std::variant<YamlNode, Mistake> tree = read_tree(file);
  if (auto* mistake = std::get_if<Mistake>(&tree)) return std::vector{std::move(*mistake)};
  if (take) take(secret_variables(std::get<YamlNode>(tree)));
  Mistakes mistakes;
  CheckedManifest result =
      read_root(std::get<YamlNode>(tree), fs::absolute(file).lexically_normal(),
                plugin_dirs_from_command_line, loading, mistakes);
  if (mistakes.empty()) return result;
  if (further)
    for (Mistake& mistake : further(result))
      mistakes.add(mistake.place, std::move(mistake.key_path), std::move(mistake.text));
  std::vector<Mistake> sorted = mistakes.sorted();
  name_pipelines(result.manifest, sorted);
  return sorted;
}

void name_pipelines(const Manifest& manifest, std::vector<Mistake>& mistakes) {
  std::map<std::string, int> bearers;
  for (const PipelineManifest& pipeline : manifest.pipelines) ++bearers[pipeline.name];
  std::map<std::string_view, const PipelineManifest*> by_path;
  for (const PipelineManifest& pipeline : manifest.pipelines)
    by_path.emplace(pipeline.key_path, &pipeline);
  for (Mistake& mistake : mistakes) {
    // A pipeline's key path ends with its bracket.
    const std::string_view path = mistake.key_path;
    const auto found = by_path.find(path.substr(0, path.find(']') + 1));
    if (found == by_path.end()) continue;
    const PipelineManifest& pipeline = *found->second;
    mistake.pipeline = pipeline.name;
    mistake.pipeline_line = bearers.at(pipeline.name) > 1 ? pipeline.place.line : 0;
  }
}

std::vector<Mistake> config_mistakes(const PipelineManifest& pipeline,
                                     std::string_view error_text) {
  const std::string settings = pipeline.key_path + ".input.settings";
  std::vector<Mistake> mistakes;
  while (!error_text.empty()) {
    const std::string_view line = error_text.substr(0, error_text.find('\n'));
    error_text.remove_prefix(std::min(line.size() + 1, error_text.size()));
    if (line.empty()) continue;
    const size_t colon = line.find(": ");
    const bool has_pointer =
        colon != std::string_view::npos && (line.starts_with('/') || colon == 0);
    const std::string pointer(has_pointer ? line.substr(0, colon) : std::string_view());
    const std::string_view text = has_pointer ? line.substr(colon + 2) : line;
    mistakes.push_back({setting_place(pipeline.setting_places, pointer),
                        setting_path(settings, pointer), one_line(text), pipeline.name});
  }
  return mistakes;
}

bool is_about_settings(const nlohmann::json& description, const connector::Error& error) {
  if (error.status == connector::Status::kConfig) return true;
  const std::string_view pointer = std::string_view(error.text).substr(0, error.text.find(": "));
  if (!pointer.starts_with('/') || pointer.size() == error.text.size()) return false;
  const std::string name(pointer.substr(1, pointer.find('/', 1) - 1));
  const auto settings = description.find("settings");
  if (settings == description.end()) return false;
  const auto properties = settings->find("properties");
  return properties != settings->end() && properties->contains(name);
}

std::string to_line(const fs::path& file, const Mistake& mistake) {
  std::string line = file.string();
  if (mistake.place.line > 0) line += ":" + std::to_string(mistake.place.line);
  if (!mistake.key_path.empty()) line += ": " + mistake.key_path;
  return line + ": " + mistake.text;
}

}  // namespace host
