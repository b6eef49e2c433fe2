#include "host_sim/commands/describe.hpp"

#include <ostream>

#include "host_sim/plain_text.hpp"
#include "host_sim/plugin_loader.hpp"

namespace host::commands {
namespace {

Result<std::shared_ptr<const Plugin>> find_and_load(const CommandLine& command_line) {
  const Result<std::filesystem::path> file =
      find_plugin(command_line.plugin, plugin_folders(command_line.plugin_dirs, {}));
  if (!file) return file.error();
  return load_plugin(*file);
}

}  // namespace

int describe(const CommandLine& command_line, const Context& context) {
  const Result<std::shared_ptr<const Plugin>> plugin = find_and_load(command_line);
  if (!plugin) {
    context.err << "host_sim: " << one_line(plugin.error().text) << "\n";
    return kExitUsage;
  }
  context.out << (*plugin)->description().dump(2) << "\n";
  return kExitDone;
}

}  // namespace host::commands
