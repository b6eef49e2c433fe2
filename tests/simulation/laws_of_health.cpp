#include <algorithm>
#include <string>
#include <vector>

#include "tests/simulation/calm.hpp"
#include "tests/simulation/expectation.hpp"
#include "tests/simulation/laws.hpp"
#include "tests/simulation/service_troubles.hpp"

namespace simulation {
namespace {

using host::PipelineHealth;

// An answer that the plugin can make nothing of, as opposed to one that costs it a new token.
bool failed(const fake_aikido::LoggedRequest& request, const std::vector<Trouble>& troubles,
            int64_t since_begin_ns) {
  if (request.status != 200) return request.status != 401;
  return request.is_spoilt &&
         std::none_of(troubles.begin(), troubles.end(), [&](const Trouble& trouble) {
           return !fails_a_request(trouble.kind) && trouble.from_ns <= since_begin_ns &&
                  since_begin_ns < trouble.to_ns;
         });
}

struct Attempt {
  int64_t time_ns;  // true
  bool failed;
  bool succeeded;  // a whole page came
};

std::vector<Attempt> attempts_of(const History& history) {
  std::vector<Attempt> attempts;
  for (const fake_aikido::LoggedRequest& request : history.requests) {
    const int64_t time_ns = request.asked.time_ns - history.offset_ns;
    attempts.push_back({time_ns, failed(request, history.plan.troubles, time_ns - history.begin_ns),
                        request.status == 200 && !request.is_spoilt &&
                            request.asked.kind == fake_aikido::Kind::kPage});
  }
  return attempts;
}

// The end of the run that was up then.
int64_t up_until(const History& history, int64_t time_ns) {
  for (const Run& run : history.runs)
    if (run.from_ns <= time_ns && time_ns < run.to_ns) return run.to_ns;
  return time_ns;
}

std::string told(const History& history, const Sample& sample) {
  return "at " + std::to_string((sample.time_ns - history.begin_ns) / kSecond) + " s health was " +
         std::string(host::to_text(sample.status.health)) + " (" + sample.status.reason + ")";
}

// The first sample of (from_ns, to_ns) for which `wrong` holds.
template <class Wrong>
const Sample* find_sample(const History& history, int64_t from_ns, int64_t to_ns, Wrong wrong) {
  auto sample =
      std::upper_bound(history.samples.begin(), history.samples.end(), from_ns,
                       [](int64_t time_ns, const Sample& of) { return time_ns < of.time_ns; });
  for (; sample != history.samples.end() && sample->time_ns < to_ns; ++sample)
    if (wrong(sample->status)) return &*sample;
  return nullptr;
}

bool is_green(const host::PipelineStatus& status) {
  return status.health == PipelineHealth::kRunning || status.reason.empty();
}

// A notice is a reason not to be green, whatever the last request has brought.
bool is_not_green(const host::PipelineStatus& status) {
  if (!status.notice.empty() && status.reason == status.notice) return false;
  return status.health != PipelineHealth::kRunning || !status.reason.empty();
}

bool is_backfilling(const host::PipelineStatus& status) {
  constexpr int32_t kDone = 10'000;
  return status.progress >= 0 && status.progress < kDone;
}

// Something was wrong then, or had not been made up for: of two sweeps one may rest after a failure
// while the other goes on.
bool is_troubled(const History& history, int64_t from_ns, int64_t to_ns) {
  return std::any_of(
      history.plan.troubles.begin(), history.plan.troubles.end(), [&](const Trouble& trouble) {
        return history.begin_ns + trouble.from_ns < to_ns &&
               from_ns < history.begin_ns + trouble.to_ns + recovery_ns(history, trouble);
      });
}

}  // namespace

Breach health_shows_failures(const History& history) {
  if (history.plan.has_second) return std::nullopt;
  const std::vector<Attempt> attempts = attempts_of(history);
  for (size_t i = 0; i + 1 < attempts.size(); ++i) {
    if (!attempts[i].failed) continue;
    const int64_t known_ns = attempts[i].time_ns + history.plan.settings.timeout_ns + kSecond;
    const int64_t until_ns = std::min(attempts[i + 1].time_ns, up_until(history, known_ns));
    if (const Sample* green = find_sample(history, known_ns, until_ns, is_green))
      return told(history, *green) + ", though the request before had failed";
  }
  for (size_t i = 0; i + 1 < history.keepings.size(); ++i) {
    if (!history.keepings[i].refused) continue;
    const int64_t from_ns = history.keepings[i].time_ns;
    const int64_t until_ns = std::min(history.keepings[i + 1].time_ns, up_until(history, from_ns));
    if (const Sample* green = find_sample(history, from_ns, until_ns, is_green))
      return told(history, *green) + ", though the disk had refused to keep something";
  }
  return std::nullopt;
}

Breach health_is_green_when_all_is_well(const History& history) {
  if (history.plan.has_second) return std::nullopt;
  const std::vector<Attempt> attempts = attempts_of(history);
  for (size_t i = 0; i + 1 < attempts.size(); ++i) {
    if (!attempts[i].succeeded) continue;
    const int64_t from_ns = attempts[i].time_ns;
    const int64_t until_ns = std::min(attempts[i + 1].time_ns, up_until(history, from_ns));
    if (is_troubled(history, from_ns, until_ns)) continue;
    if (const Sample* bad = find_sample(history, from_ns, until_ns, is_not_green))
      return told(history, *bad) + ", though the request before had brought a page";
  }
  return std::nullopt;
}

Breach troubles_are_recovered_from(const History& history) {
  const std::vector<Attempt> attempts = attempts_of(history);
  const Calm calm(history);
  for (const Trouble& trouble : history.plan.troubles) {
    const int64_t over_ns = history.begin_ns + trouble.to_ns;
    const int64_t by_ns = over_ns + recovery_ns(history, trouble);
    if (by_ns > up_until(history, over_ns)) continue;
    const bool others = std::any_of(
        history.plan.troubles.begin(), history.plan.troubles.end(), [&](const Trouble& other) {
          return &other != &trouble && history.begin_ns + other.from_ns < by_ns &&
                 over_ns < history.begin_ns + other.to_ns + recovery_ns(history, other);
        });
    if (others) continue;
    const bool recovered = std::any_of(attempts.begin(), attempts.end(), [&](const Attempt& one) {
      return one.succeeded && one.time_ns >= over_ns && one.time_ns <= by_ns;
    });
    if (recovered) continue;
    return std::string(to_text(trouble.kind)) + " was over at " +
           std::to_string(trouble.to_ns / kSecond) + " s, and no page came in the " +
           std::to_string((by_ns - over_ns) / kSecond) + " s after it";
  }
  return std::nullopt;
}

// A pipeline that says that all is well has looked for late records not long ago.
Breach health_is_not_green_behind_late_records(const History& history) {
  if (history.plan.has_second) return std::nullopt;
  const SettingsPlan& settings = history.plan.settings;
  const Calm calm(history);
  for (const Sample& sample : history.samples) {
    const host::PipelineStatus& status = sample.status;
    if (status.health != PipelineHealth::kRunning) continue;
    if (status.watermark_ns == CONNECTOR_TIME_UNKNOWN || is_backfilling(status)) continue;
    const int64_t lag_ns = sample.time_ns + history.offset_ns - status.watermark_ns;
    const int64_t most_ns = settings.window_ns + 2 * settings.late_check_ns + settings.poll_ns +
                            10 * settings.request_interval_ns + clocks_differ_ns(history.plan);
    if (lag_ns <= most_ns || !calm.holds(sample.time_ns - most_ns, sample.time_ns)) continue;
    return told(history, sample) + ", though the watermark lay " +
           std::to_string(lag_ns / kSecond) + " s back";
  }
  return std::nullopt;
}

}  // namespace simulation
