#include "tests/simulation/calm.hpp"

#include <algorithm>

#include "tests/simulation/listing.hpp"

namespace simulation {
namespace {

// All that had to be read anew or for the first time after the host was away, at a quarter of the
// pace, which is what a late sweep gets at least.
int64_t backlog_ns(const History& history, int64_t from_ns, int64_t to_ns) {
  const SettingsPlan& settings = history.plan.settings;
  const int64_t first_ns = from_ns + history.offset_ns - 2 * settings.window_ns;
  const int64_t count = listed(history, first_ns, to_ns + history.offset_ns, INT64_MAX);
  return (pages_of(history, count) + 12) * 4 * settings.request_interval_ns +
         settings.late_check_ns + 2 * settings.poll_ns;
}

}  // namespace

int64_t recovery_ns(const History& history, const Trouble& trouble) {
  const SettingsPlan& settings = history.plan.settings;
  const bool waits =
      trouble.kind == TroubleKind::kTooMany || trouble.kind == TroubleKind::kTooManyUntil;
  return 20 * kMinute + settings.timeout_ns + settings.poll_ns + kMinute +
         (waits ? trouble.number * kSecond : 0);
}

Calm::Calm(const History& history) {
  std::vector<Run> all;
  int64_t up_until_ns = history.begin_ns;
  for (const Run& run : history.runs) {
    all.push_back({up_until_ns, run.from_ns + backlog_ns(history, up_until_ns, run.from_ns)});
    up_until_ns = run.to_ns;
  }
  all.push_back({up_until_ns, INT64_MAX});
  for (const Trouble& trouble : history.plan.troubles) {
    const int64_t from_ns = history.begin_ns + trouble.from_ns;
    const int64_t over_ns = history.begin_ns + trouble.to_ns + recovery_ns(history, trouble);
    all.push_back({from_ns, over_ns + backlog_ns(history, from_ns, over_ns)});
  }
  std::sort(all.begin(), all.end(),
            [](const Run& left, const Run& right) { return left.from_ns < right.from_ns; });
  for (const Run& one : all) {
    if (!stormy_.empty() && one.from_ns <= stormy_.back().to_ns)
      stormy_.back().to_ns = std::max(stormy_.back().to_ns, one.to_ns);
    else
      stormy_.push_back(one);
  }
}

bool Calm::holds(int64_t from_ns, int64_t to_ns) const {
  const auto after =
      std::upper_bound(stormy_.begin(), stormy_.end(), to_ns,
                       [](int64_t time_ns, const Run& one) { return time_ns < one.from_ns; });
  return after == stormy_.begin() || std::prev(after)->to_ns < from_ns;
}

}  // namespace simulation
