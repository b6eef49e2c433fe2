#include "host_sim/status/history.hpp"

#include <algorithm>

#include "host_sim/clock.hpp"

namespace host::status {
namespace {

constexpr int64_t kSpan = 3600 * kNsPerSecond;

}  // namespace

void History::add(int64_t now_ns, const std::vector<PipelineStatus>& pipelines) {
  size_t most = 0;
  for (const PipelineStatus& status : pipelines) {
    std::deque<Point>& its = points_[status.name];
    its.push_back({now_ns, status.committed, status.lag_ns});
    // A clock that was set back leaves points of the future behind.
    const auto is_out = [now_ns](const Point& point) {
      return point.time_ns > now_ns || point.time_ns < now_ns - kSpan;
    };
    its.erase(std::remove_if(its.begin(), its.end(), is_out), its.end());
    most = std::max(most, its.size());
  }
  if (most > kMostPoints) thin();
}

void History::thin() {
  interval_ns_ *= 2;
  for (auto& [name, its] : points_) {
    std::deque<Point> half;
    for (size_t i = 0; i < its.size(); i += 2) half.push_back(its[i]);
    its = std::move(half);
  }
}

const std::deque<Point>& History::of(const std::string& pipeline) const {
  static const std::deque<Point> kNone;
  const auto found = points_.find(pipeline);
  return found == points_.end() ? kNone : found->second;
}

}  // namespace host::status
