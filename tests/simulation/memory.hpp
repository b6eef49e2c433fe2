// How much memory the process holds.
#pragma once

#include <cstdint>

namespace simulation {

// Now, and at its most so far. 0 under sanitizers, which keep what was freed.
int64_t resident_bytes();
int64_t most_resident_bytes();

}  // namespace simulation
