#include "tests/simulation/expectation.hpp"

#include <algorithm>
#include <cstdlib>

namespace simulation {
namespace {

// A record without a time belongs to whatever sweep shows it, and sweeps ask for a second more than
// they own, with bounds that may be inclusive.
constexpr int64_t kPad = 2 * kSecond;

}  // namespace

int64_t clocks_differ_ns(const Plan& plan) {
  int64_t most_ns = 0, least_ns = 0;  // the host's clock less the server's
  for (const ClockJump& jump : plan.jumps) {
    most_ns = std::max(most_ns, jump.ahead_ns);
    least_ns = std::min(least_ns, jump.ahead_ns);
  }
  return most_ns - least_ns + std::abs(plan.switches.clock_offset_s) * kSecond;
}

Expectation expectation(const History& history, const Record& record) {
  if (!record.matches) return Expectation::kMustNot;
  if (record.time_ns < history.origin_ns)
    return !record.has_time && record.time_ns >= history.origin_ns - kPad ? Expectation::kMay
                                                                          : Expectation::kMustNot;
  // Without the server's time the host's clock is all that the input has. What surfaces at the edge
  // of the window is then as late again as that is wrong.
  const int64_t error_ns = history.plan.switches.sends_date ? 0 : clocks_differ_ns(history.plan);
  const bool within =
      record.visible_ns - record.time_ns <= history.plan.settings.window_ns - error_ns;
  return within ? Expectation::kMust : Expectation::kMay;
}

}  // namespace simulation
