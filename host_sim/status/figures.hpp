// The host's integers as programs read them.
#pragma once

#include "host_sim/clock.hpp"

namespace host::status {

inline double in_seconds(int64_t ns) {
  return static_cast<double>(ns) / static_cast<double>(kNsPerSecond);
}

// Of a progress that is known.
inline double as_ratio(int32_t progress) { return progress / 10'000.0; }

}  // namespace host::status
