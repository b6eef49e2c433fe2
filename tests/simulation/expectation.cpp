#include "tests/simulation/expectation.hpp"

namespace simulation {
namespace {

// A record without a time belongs to whatever sweep shows it, and sweeps ask for a second more than
// they own, with bounds that may be inclusive.
constexpr int64_t kPad = 2 * kSecond;

}  // namespace

Expectation expectation(const History& history, const Record& record) {
  if (!record.matches) return Expectation::kMustNot;
  if (record.time_ns < history.origin_ns)
    return !record.has_time && record.time_ns >= history.origin_ns - kPad ? Expectation::kMay
                                                                          : Expectation::kMustNot;
  const bool within = record.visible_ns - record.time_ns <= history.plan.settings.window_ns;
  return within ? Expectation::kMust : Expectation::kMay;
}

}  // namespace simulation
