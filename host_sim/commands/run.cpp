#include "host_sim/commands/run.hpp"

#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "host_sim/commands/manifest_or_mistakes.hpp"
#include "host_sim/commands/properties.hpp"
#include "host_sim/host.hpp"
#include "host_sim/progress_line.hpp"
#include "host_sim/stop_signals.hpp"

namespace host::commands {
namespace {

bool for_a_person(const CommandLine& command_line, const Context& context) {
  return &context.err == &std::cerr && ::isatty(STDERR_FILENO) != 0 &&
         command_line.log_format == LogFormat::kText;
}

}  // namespace

int run(const CommandLine& command_line, const Context& context) {
  std::optional<CheckedManifest> manifest = manifest_or_mistakes(command_line, context);
  if (!manifest) return kExitUsage;
  ProgressLine progress(context.log, context.err);
  const bool shows_progress = for_a_person(command_line, context);
  Log& log = shows_progress ? static_cast<Log&>(progress) : context.log;
  Host host(*std::move(manifest), {.clock = context.clock,
                                   .log = log,
                                   .environment = context.environment,
                                   .once = command_line.once,
                                   .properties = properties_from_environment()});
  int exit_code = kExitFailed;
  {
    const StopSignals signals([&] {
      log.info("", "stopping: what was read is being committed");
      host.stop();
    });
    if (shows_progress) progress.start([&host] { return host.snapshot(); });
    exit_code = host.run();
    progress.stop();
  }
  context.err.flush();
  if (host.abandoned()) std::_Exit(exit_code);  // a thread is lost in a plugin that hangs
  return exit_code;
}

}  // namespace host::commands
