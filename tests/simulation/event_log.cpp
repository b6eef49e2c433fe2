#include "tests/simulation/event_log.hpp"

#include <algorithm>
#include <cstdio>

#include "tests/fake_aikido/clock.hpp"

namespace simulation {

std::string EventLog::text() const {
  auto sorted = events_;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& left, const auto& right) { return left.first < right.first; });
  std::string text;
  for (const auto& [time_ns, what] : sorted) {
    const int64_t since_ns = time_ns - begin_ns_;
    char stamp[40];
    std::snprintf(stamp, sizeof stamp, "%7lld.%09lld ",
                  static_cast<long long>(since_ns / fake_aikido::kSecond),
                  static_cast<long long>(since_ns % fake_aikido::kSecond));
    text += stamp + what + '\n';
  }
  return text;
}

}  // namespace simulation
