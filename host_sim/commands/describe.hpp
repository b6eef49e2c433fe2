// `describe PLUGIN`: what a plugin says of itself, as JSON.
#pragma once

#include "host_sim/command_line.hpp"
#include "host_sim/commands/context.hpp"

namespace host::commands {

// The exit code of the program.
int describe(const CommandLine& command_line, const Context& context);

}  // namespace host::commands
