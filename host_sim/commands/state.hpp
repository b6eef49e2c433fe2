// `state show|reset|export|import MANIFEST [NAME]...`: where each pipeline has got to.
#pragma once

#include "host_sim/command_line.hpp"
#include "host_sim/commands/context.hpp"

namespace host::commands {

// The exit code of the program.
int state(const CommandLine& command_line, const Context& context);

}  // namespace host::commands
