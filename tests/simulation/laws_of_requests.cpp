#include <string>

#include "tests/simulation/laws.hpp"

namespace simulation {

Breach requests_keep_the_pace(const History& history) {
  const int64_t interval_ns = history.plan.settings.request_interval_ns;
  const auto& requests = history.requests;
  for (size_t i = 1; i < requests.size(); ++i) {
    const int64_t apart_ns = requests[i].asked.time_ns - requests[i - 1].asked.time_ns;
    if (apart_ns >= interval_ns) continue;
    const int64_t since_ns = requests[i].asked.time_ns - history.offset_ns - history.begin_ns;
    return "at " + std::to_string(since_ns / kSecond) + " s a request came " +
           std::to_string(apart_ns / 1'000'000) + " ms after the one before, and not " +
           std::to_string(interval_ns / 1'000'000);
  }
  return std::nullopt;
}

}  // namespace simulation
