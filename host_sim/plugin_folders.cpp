#include <cstdlib>

#include "host_sim/plugin_loader.hpp"

namespace host {
namespace {

namespace fs = std::filesystem;

void add_colon_separated(std::string_view text, std::vector<fs::path>& to) {
  while (!text.empty()) {
    const size_t colon = text.find(':');
    if (colon != 0) to.emplace_back(text.substr(0, colon));
    text.remove_prefix(colon == std::string_view::npos ? text.size() : colon + 1);
  }
}

bool is_path(const std::string& name) { return name.find('/') != std::string::npos; }

Error not_found(const std::string& name, const std::vector<fs::path>& folders) {
  std::string text = "there is no plugin " + name + " (" + name + ".so) in";
  for (const fs::path& folder : folders) text += " " + folder.lexically_normal().string() + ",";
  text.back() = ';';
  return {Status::kConfig, text +
                               " `host_sim plugins` lists what there is, --plugin-dir adds a "
                               "folder"};
}

}  // namespace

std::vector<fs::path> plugin_folders(const std::vector<fs::path>& from_command_line,
                                     const std::optional<fs::path>& from_manifest) {
  std::vector<fs::path> folders = from_command_line;
  if (const char* path = std::getenv("CONNECTOR_PLUGIN_PATH")) add_colon_separated(path, folders);
  if (from_manifest) folders.push_back(*from_manifest);
  std::error_code unknown;  // without /proc there is no telling where the program is
  const fs::path program = fs::read_symlink("/proc/self/exe", unknown);
  if (unknown) return folders;
  const fs::path prefix = program.parent_path().parent_path();
  folders.push_back(prefix / "plugins");
  folders.push_back(prefix / "lib/connector/plugins");
  return folders;
}

Result<fs::path> find_plugin(const std::string& name, const std::vector<fs::path>& folders) {
  std::error_code ignored;
  if (is_path(name)) {
    if (fs::exists(name, ignored)) return fs::path(name);
    return Error{Status::kConfig, "there is no plugin file " + name + "; correct the path"};
  }
  for (const fs::path& folder : folders) {
    fs::path file = folder / (name + ".so");
    if (fs::exists(file, ignored)) return file;
  }
  return not_found(name, folders);
}

}  // namespace host
