// `run [--once] MANIFEST`: collects until it is stopped, or until every pipeline is caught up.
#pragma once

#include "host_sim/command_line.hpp"
#include "host_sim/commands/context.hpp"

namespace host::commands {

// The exit code of the program.
int run(const CommandLine& command_line, const Context& context);

}  // namespace host::commands
