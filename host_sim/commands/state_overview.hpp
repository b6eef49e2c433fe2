// What `state show` shows of many pipelines: a line for each.
#pragma once

#include <string>

#include "host_sim/commands/shown_states.hpp"

namespace host::commands {

// Below a line of titles: name, records, last commit, how far the backfill and what is live were
// read, and the beginning of the last error; "-" for what is not known.
std::string to_overview(const ShownStates& states);

}  // namespace host::commands
