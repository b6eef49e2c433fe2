// The last hour of each pipeline, in some hundred points, for the page's chart.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "host_sim/health.hpp"

namespace host::status {

// One pipeline at one moment.
struct Point {
  int64_t time_ns = 0;  // wall clock
  int64_t records = 0;  // committed so far
  int64_t lag_ns = -1;  // -1: unknown
};

// One thread.
class History {
 public:
  static constexpr size_t kMostPoints = 128;

  // Points of all pipelines, taken at one moment. Where there are too many of them, every second
  // one goes and they lie twice as far apart from then on, until they cover an hour.
  void add(int64_t now_ns, const std::vector<PipelineStatus>& pipelines);
  // How long to wait before the next one.
  int64_t interval_ns() const { return interval_ns_; }

  // The oldest first; none of a pipeline that was never seen.
  const std::deque<Point>& of(const std::string& pipeline) const;

 private:
  void thin();

  std::map<std::string, std::deque<Point>> points_;
  int64_t interval_ns_ = 1'000'000'000;
};

}  // namespace host::status
