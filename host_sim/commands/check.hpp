// `check MANIFEST`: the manifest, then each pipeline's plugin, secrets, state, settings and live
// test.
#pragma once

#include "host_sim/command_line.hpp"
#include "host_sim/commands/context.hpp"

namespace host::commands {

// The exit code of the program.
int check(const CommandLine& command_line, const Context& context);

}  // namespace host::commands
