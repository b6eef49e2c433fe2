// `plugins`: every plugin that can be found, and why one cannot be used.
#pragma once

#include "host_sim/command_line.hpp"
#include "host_sim/commands/context.hpp"

namespace host::commands {

// The exit code of the program.
int plugins(const CommandLine& command_line, const Context& context);

}  // namespace host::commands
