#include "tests/fake_aikido/request_log.hpp"

#include <algorithm>
#include <utility>

#include "tests/fake_aikido/clock.hpp"

namespace fake_aikido {

void RequestLog::add(LoggedRequest request) {
  const std::lock_guard lock(mutex_);
  entries_.push_back(std::move(request));
}

std::vector<LoggedRequest> RequestLog::entries() const {
  const std::lock_guard lock(mutex_);
  return entries_;
}

size_t RequestLog::count() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

size_t RequestLog::count(Kind kind) const {
  const std::lock_guard lock(mutex_);
  return static_cast<size_t>(
      std::count_if(entries_.begin(), entries_.end(),
                    [kind](const LoggedRequest& entry) { return entry.asked.kind == kind; }));
}

size_t RequestLog::count(Kind kind, unsigned status) const {
  const std::lock_guard lock(mutex_);
  return static_cast<size_t>(
      std::count_if(entries_.begin(), entries_.end(), [=](const LoggedRequest& entry) {
        return entry.asked.kind == kind && entry.status == status;
      }));
}

size_t RequestLog::most_in_rolling_minute(const std::string& client) const {
  const std::lock_guard lock(mutex_);
  std::vector<int64_t> times;
  for (const LoggedRequest& entry : entries_)
    if (client.empty() || entry.asked.client == client) times.push_back(entry.asked.time_ns);
  std::sort(times.begin(), times.end());
  size_t most = 0;
  size_t first = 0;
  for (size_t last = 0; last < times.size(); ++last) {
    while (times[last] - times[first] >= kMinute) ++first;
    most = std::max(most, last - first + 1);
  }
  return most;
}

void RequestLog::clear() {
  const std::lock_guard lock(mutex_);
  entries_.clear();
}

}  // namespace fake_aikido
