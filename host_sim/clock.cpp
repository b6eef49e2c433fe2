#include "host_sim/clock.hpp"

#include <chrono>

namespace host {
namespace {

template <class TheClock>
int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(TheClock::now().time_since_epoch())
      .count();
}

}  // namespace

int64_t SystemClock::wall_ns() { return now_ns<std::chrono::system_clock>(); }
int64_t SystemClock::monotonic_ns() { return now_ns<std::chrono::steady_clock>(); }

void SystemClock::wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable& wake,
                             int64_t due_ns) {
  // An hour at a time: a due time of "never" would overflow the library's arithmetic.
  constexpr int64_t kLongest = int64_t{3600} * 1'000'000'000;
  const int64_t now = monotonic_ns();
  if (due_ns <= now) return;
  const int64_t span = due_ns - now < kLongest ? due_ns - now : kLongest;
  wake.wait_for(lock, std::chrono::nanoseconds(span));
}

}  // namespace host
