#include <algorithm>
#include <string>

#include "tests/simulation/laws.hpp"
#include "tests/simulation/least_requests.hpp"

namespace simulation {
namespace {

constexpr double kShareAbove = 1.1;
// Each run begins with a token and with sweeps that the one before had only half read.
constexpr int64_t kPerRun = 2;

bool is_untroubled(const History& history) {
  return !history.plan.has_second && history.plan.troubles.empty() &&
         history.plan.crashes.empty() && history.plan.switches.sends_date;
}

}  // namespace

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

Breach requests_are_few(const History& history) {
  if (!is_untroubled(history)) return std::nullopt;
  const auto asked =
      std::count_if(history.requests.begin(), history.requests.end(), [&](const auto& request) {
        return request.asked.time_ns - history.offset_ns < history.end_ns;
      });
  const LeastRequests least = least_requests(history);
  const auto most = static_cast<int64_t>(kShareAbove * static_cast<double>(least.all())) +
                    kPerRun * static_cast<int64_t>(history.runs.size() + 1);
  if (asked <= most) return std::nullopt;
  return std::to_string(asked) + " requests, and the least was " + std::to_string(least.tokens) +
         " tokens, " + std::to_string(least.live) + " live and " + std::to_string(least.backfill) +
         " of the backfill";
}

}  // namespace simulation
