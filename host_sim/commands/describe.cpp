#include "host_sim/commands/describe.hpp"

#include <ostream>

#include "host_sim/plain_text.hpp"
#include "host_sim/plugin_apart.hpp"
#include "host_sim/plugin_loader.hpp"

namespace host::commands {
namespace {

Result<nlohmann::json> find_and_describe(const CommandLine& command_line) {
  const Result<std::filesystem::path> file =
      find_plugin(command_line.plugin, plugin_folders(command_line.plugin_dirs, {}));
  if (!file) return file.error();
  return describe_apart(*file);
}

}  // namespace

int describe(const CommandLine& command_line, const Context& context) {
  const Result<nlohmann::json> description = find_and_describe(command_line);
  if (!description) {
    context.err << "host_sim: " << one_line(description.error().text) << "\n";
    return kExitUsage;
  }
  context.out << description->dump(2) << "\n";
  return kExitDone;
}

}  // namespace host::commands
