// host_sim: reads the command line and hands over to the command.
#include <csignal>
#include <iostream>

#include "host_sim/command_line.hpp"
#include "host_sim/commands/check.hpp"
#include "host_sim/commands/describe.hpp"
#include "host_sim/commands/plugins.hpp"
#include "host_sim/commands/preview.hpp"
#include "host_sim/commands/properties.hpp"
#include "host_sim/commands/run.hpp"
#include "host_sim/commands/state.hpp"
#include "host_sim/crash_report.hpp"
#include "host_sim/file_limit.hpp"
#include "host_sim/process_secrecy.hpp"
#include "host_sim/standard_streams.hpp"
#include "host_sim/stop_signals.hpp"

namespace host {
namespace {

// A reader of stdout that goes, or a full quota, is an error of the write, not the end. A child is
// there until this host has waited for it, whatever the one that started the host ignores.
void set_signals() {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  std::signal(SIGCHLD, SIG_DFL);
}

int dispatch(const CommandLine& command_line, const commands::Context& context) {
  switch (command_line.command) {
    case Command::kRun:
      return commands::run(command_line, context);
    case Command::kCheck:
      return commands::check(command_line, context);
    case Command::kDescribe:
      return commands::describe(command_line, context);
    case Command::kPlugins:
      return commands::plugins(command_line, context);
    case Command::kPreview:
      return commands::preview(command_line, context);
    case Command::kStateShow:
    case Command::kStateReset:
    case Command::kStateExport:
    case Command::kStateImport:
      return commands::state(command_line, context);
  }
  return kExitUsage;
}

int execute(const CommandLine& command_line) {
  SystemClock clock;
  SecretEnvironment environment;
  const std::unique_ptr<Log> log =
      make_log(clock, command_line.log_level, command_line.log_format, std::cerr);
  report_crashes(command_line.log_format);
  if (!forbid_core_dumps())
    log->warning(
        "", "core dumps could not be turned off, and one would hold secrets; set `ulimit -c 0`");
  commands::take_proxy(environment);
  try {
    return dispatch(command_line, {clock, *log, environment, std::cin, std::cout, std::cerr});
  } catch (const std::exception& unexpected) {
    log->error("", std::string(unexpected.what()) + "; this is a fault of host_sim, report it");
    return kExitFailed;
  }
}

int execute(const std::variant<CommandLine, NothingToDo>& parsed) {
  if (const auto* command_line = std::get_if<CommandLine>(&parsed)) {
    // All others may end at any moment, for they change nothing or all in one transaction.
    if (command_line->command != Command::kRun) release_stop_signals();
    return execute(*command_line);
  }
  const auto& nothing = std::get<NothingToDo>(parsed);
  (nothing.exit_code == kExitDone ? std::cout : std::cerr) << nothing.text;
  return nothing.exit_code;
}

}  // namespace
}  // namespace host

int main(int argc, char** argv) {
  host::fill_closed_streams();
  host::hold_stop_signals();
  host::set_signals();
  host::raise_file_limit();
  return host::printed(host::execute(host::parse_command_line(argc, argv)), std::cout, std::cerr);
}
