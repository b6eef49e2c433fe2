#include "tests/fake_aikido/quota.hpp"

#include "tests/fake_aikido/clock.hpp"

namespace fake_aikido {

int64_t Quota::take(const std::string& workspace, size_t calls_in_a_minute, int64_t now_ns) {
  const std::lock_guard lock(mutex_);
  std::deque<int64_t>& calls = calls_[workspace];
  while (!calls.empty() && calls.front() <= now_ns - kMinute) calls.pop_front();
  if (calls.size() < calls_in_a_minute) {
    calls.push_back(now_ns);
    return 0;
  }
  return calls.empty() ? kMinute : calls.front() + kMinute - now_ns;
}

}  // namespace fake_aikido
