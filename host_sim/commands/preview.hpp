// `preview -n N MANIFEST`: some records to stdout, and to stderr what a full run would fetch;
// touches neither state nor output.
#pragma once

#include "host_sim/command_line.hpp"
#include "host_sim/commands/context.hpp"

namespace host::commands {

// The exit code of the program.
int preview(const CommandLine& command_line, const Context& context);

}  // namespace host::commands
