#include "plugins/aikido_activity_log/server_time.hpp"

#include <algorithm>

namespace aikido {

int64_t ServerTime::now_ns() const {
  return known_ ? host_.monotonic_clock() + offset_ns_ : host_.wall_clock();
}

void ServerTime::learn(int64_t date_s) {
  const int64_t monotonic_ns = host_.monotonic_clock();
  const int64_t from_ns = date_s * kNsPerSecond;
  const int64_t guess_ns = known_ ? monotonic_ns + offset_ns_ : from_ns;
  offset_ns_ = std::clamp(guess_ns, from_ns, from_ns + kNsPerSecond - 1) - monotonic_ns;
  known_ = true;
}

}  // namespace aikido
