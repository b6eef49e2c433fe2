// What is shown to somebody at a terminal.
#pragma once

#include <ostream>
#include <string>
#include <string_view>

namespace host::commands {

// Whether this is one of the process's own streams, and goes to a terminal.
bool is_terminal(const std::ostream& out);

// The same JSON, without characters that steer a terminal or turn its text around.
std::string for_a_terminal(std::string_view json);

}  // namespace host::commands
