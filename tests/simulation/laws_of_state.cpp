#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "tests/simulation/expectation.hpp"
#include "tests/simulation/laws.hpp"

namespace simulation {
namespace {

constexpr size_t kMostCheckpoint = size_t{4} << 20;
// Of the process: the plugin, the host, and the stand-in with what it sends and inflates. A body
// may have 64 MiB, once.
constexpr int64_t kMostGrown = int64_t{160} << 20;
// What the simulation itself writes down.
constexpr size_t kNotesPerRequest = 2'000;
constexpr size_t kNotesPerRecord = 200;

constexpr int64_t kSlack = 2 * kSecond;

std::string since(const History& history, int64_t time_ns) {
  return std::to_string((time_ns - history.begin_ns) / kSecond) + " s";
}

// For each moment when a record was written for good: the earliest record that came then or later.
class Undelivered {
 public:
  explicit Undelivered(const History& history);
  // The least event time of all that were still to come; of the server's clock.
  int64_t earliest_after(int64_t time_ns) const;

 private:
  std::vector<std::pair<int64_t, int64_t>> least_;  // written at, least event time from then on
};

Undelivered::Undelivered(const History& history) {
  const auto& records = history.activity.records;
  std::vector<int64_t> written_ns(records.size(), INT64_MAX);
  for (const Written& written : history.written)
    if (written.record != Written::kUnknown) {
      // A file's later line took the place of one that was cut off; on stdout it came again.
      int64_t& known_ns = written_ns[written.record];
      if (!history.plan.to_stdout || known_ns == INT64_MAX) known_ns = written.time_ns;
    }
  for (size_t i = 0; i < records.size(); ++i)
    if (records[i].has_time && expectation(history, records[i]) == Expectation::kMust)
      least_.emplace_back(written_ns[i], records[i].time_ns);
  std::sort(least_.begin(), least_.end());
  int64_t least = INT64_MAX;
  for (auto entry = least_.rbegin(); entry != least_.rend(); ++entry)
    entry->second = least = std::min(least, entry->second);
}

int64_t Undelivered::earliest_after(int64_t time_ns) const {
  const auto found = std::upper_bound(least_.begin(), least_.end(),
                                      std::pair(time_ns, std::numeric_limits<int64_t>::max()));
  return found == least_.end() ? INT64_MAX : found->second;
}

}  // namespace

Breach memory_stays_small(const History& history) {
  for (const Committed& commit : history.commits)
    if (commit.checkpoint_bytes > kMostCheckpoint)
      return "at " + since(history, commit.time_ns) + " the checkpoint had " +
             std::to_string(commit.checkpoint_bytes) + " bytes";
  const auto notes = static_cast<int64_t>(history.requests.size() * kNotesPerRequest +
                                          history.written.size() * kNotesPerRecord);
  if (history.grown_bytes <= kMostGrown + notes) return std::nullopt;
  return "the process grew by " + std::to_string(history.grown_bytes >> 20) + " MiB";
}

Breach the_watermark_is_true(const History& history) {
  const Undelivered undelivered(history);
  for (const Sample& sample : history.samples) {
    const int64_t watermark_ns = sample.status.watermark_ns;
    const int64_t earliest_ns = undelivered.earliest_after(sample.time_ns);
    if (watermark_ns == CONNECTOR_TIME_UNKNOWN || watermark_ns <= earliest_ns) continue;
    return "at " + since(history, sample.time_ns) + " it stood at " +
           since(history, watermark_ns - history.offset_ns) + ", and a record of " +
           since(history, earliest_ns - history.offset_ns) + " was still to come";
  }
  // The run that caught up made a late sweep.
  const int64_t least_ns = history.last_begin_ns + history.offset_ns -
                           history.plan.settings.window_ns - clocks_differ_ns(history.plan) -
                           kSlack;
  if (history.last_watermark_ns >= least_ns) return std::nullopt;
  return "in the end it stood at " + since(history, history.last_watermark_ns - history.offset_ns) +
         " and not at " + since(history, least_ns - history.offset_ns);
}

}  // namespace simulation
