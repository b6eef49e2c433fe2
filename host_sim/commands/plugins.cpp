#include "host_sim/commands/plugins.hpp"

#include <ostream>
#include <set>

#include "host_sim/plain_text.hpp"
#include "host_sim/plugin_apart.hpp"
#include "host_sim/plugin_loader.hpp"

namespace host::commands {
namespace {

namespace fs = std::filesystem;

// The plugin files of one folder, by name; none when it is not there.
std::set<fs::path> plugin_files(const fs::path& folder) {
  std::set<fs::path> files;
  std::error_code missing;
  for (fs::directory_iterator entry(folder, missing), end; !missing && entry != end;
       entry.increment(missing))
    if (entry->path().extension() == ".so") files.insert(entry->path());
  return files;
}

void print(const fs::path& file, std::set<std::string>& names, std::ostream& out) {
  const Result<nlohmann::json> about = describe_apart(file);
  if (!about) {
    out << one_line(file.stem().string()) << "  refused: " << one_line(about.error().text) << "\n";
    return;
  }
  const auto text = [&about](const char* key) { return about->at(key).get<std::string>(); };
  const bool first = names.insert(text("name")).second;
  out << text("name") << "  " << text("version") << "  " << text("summary") << "  "
      << one_line(file.lexically_normal().string())
      << (first ? "" : "  (not used: an earlier folder has one of this name)") << "\n";
}

}  // namespace

int plugins(const CommandLine& command_line, const Context& context) {
  const std::vector<fs::path> folders = plugin_folders(command_line.plugin_dirs, {});
  std::set<std::string> names;
  bool any = false;
  for (const fs::path& folder : folders) {
    for (const fs::path& file : plugin_files(folder)) {
      print(file, names, context.out);
      any = true;
    }
  }
  if (any) return kExitDone;
  context.err << "host_sim: no plugin in any of these folders; --plugin-dir adds one:\n";
  for (const fs::path& folder : folders)
    context.err << "  " << one_line(folder.lexically_normal().string()) << "\n";
  return kExitDone;
}

}  // namespace host::commands
