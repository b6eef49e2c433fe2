// SHA-256 of an open file.
#pragma once

#include <string>

#include "host_sim/plugin.hpp"

namespace host {

// Lower-case hex, of the whole file whatever its offset. The error says what the system said.
Result<std::string> sha256_of(int descriptor);

}  // namespace host
