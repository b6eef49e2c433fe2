// What a full run would fetch: from the ranges that a plugin tells, and from what a preview saw.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host_sim/commands/sample.hpp"
#include "host_sim/metrics.hpp"

namespace host::commands {

// The gauges of one pipeline that connector_plugin.h gives a meaning.
class ToldGauges {
 public:
  explicit ToldGauges(std::vector<Metric> metrics) : metrics_(std::move(metrics)) {}

  // Seconds since 1970 ("start", "done" or "end" of "backfill" or "live"); nothing where that is no
  // time.
  std::optional<int64_t> edge(const std::string& edge, const std::string& range) const;
  std::optional<int64_t> value(std::string_view name, std::string_view labels = {}) const;

 private:
  std::vector<Metric> metrics_;
};

// What a preview has seen: of the newest records, and of those with which the backfill begins, for
// they may lie closer in one place than in the other.
struct Seen {
  Sample newest;
  Sample beginning;
};

// Adds what was read to its end between two looks at the gauges of one instance, which is `fresh`
// where it went on from no checkpoint: of the backfill to `backfill`.
void note_read(const ToldGauges& before, const ToldGauges& after, bool fresh, Sample& backfill,
               Sample& newest);

// In the largest unit of which there are two: "24 h".
std::string rough_span(double seconds);

// What of the run is to be told, a line each; each estimate says what it rests on. `interval_ns`:
// of the pace; 0: none is kept.
std::vector<std::string> forecast(const ToldGauges& run, const Seen& seen, int64_t interval_ns);

}  // namespace host::commands
