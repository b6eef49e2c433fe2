// What a full run would fetch: from the ranges that a plugin tells, and from what a preview saw.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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

// How dense records lie in time, by the batches of a preview. A batch is taken for a stretch of the
// service's list, for which no more is known of what lies between two batches.
class Sample {
 public:
  // Event times of one batch, ns since 1970, unknown ones left out.
  void add(const std::vector<int64_t>& times_ns);
  // This range was read to its end, so that there is no more in it than was added.
  void complete(int64_t range_s);
  // What was seen elsewhere.
  void include(const Sample& other);

  // Records a second; nothing where too few were seen.
  std::optional<double> density() const;
  size_t records() const { return records_; }
  double seconds() const { return seconds_; }  // over which they lie
  size_t largest_batch() const { return largest_batch_; }

 private:
  size_t records_ = 0;
  size_t counted_ = 0;  // within the seconds: of a batch the first record only begins them
  size_t largest_batch_ = 0;
  double seconds_ = 0;
};

// In the largest unit of which there are two: "24 h".
std::string rough_span(double seconds);

// What of the run is to be told, a line each; each estimate says what it rests on. `interval_ns`:
// of the pace; 0: none is kept.
std::vector<std::string> forecast(const ToldGauges& run, const Sample& sample, int64_t interval_ns);

}  // namespace host::commands
