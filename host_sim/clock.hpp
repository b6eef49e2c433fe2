// The one clock that everything in the host reads, so that time can be simulated.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace host {

constexpr int64_t kNsPerSecond = 1'000'000'000;

class Clock {
 public:
  virtual ~Clock() = default;

  // Nanoseconds since 1970-01-01T00:00:00Z. May jump. Any thread.
  virtual int64_t wall_ns() = 0;
  // Nanoseconds since an arbitrary moment. Never runs back. Any thread.
  virtual int64_t monotonic_ns() = 0;

  // Blocks until monotonic_ns() >= due_ns, or until `wake` is notified, whichever is first;
  // spurious returns are allowed. `lock` is held on entry and on return.
  virtual void wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable& wake,
                          int64_t due_ns) = 0;

  // Work is in flight (a call into a plugin, a write, a commit): simulated time stands still until
  // as many calls of work_ends have come. The system's clock takes no notice.
  virtual void work_begins() {}
  virtual void work_ends() {}
};

// Simulated time stands still while it lives.
class WorkInFlight {
 public:
  explicit WorkInFlight(Clock& clock) : clock_(clock) { clock_.work_begins(); }
  ~WorkInFlight() { clock_.work_ends(); }
  WorkInFlight(const WorkInFlight&) = delete;
  WorkInFlight& operator=(const WorkInFlight&) = delete;

 private:
  Clock& clock_;
};

class SystemClock final : public Clock {
 public:
  int64_t wall_ns() override;
  int64_t monotonic_ns() override;
  void wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable& wake,
                  int64_t due_ns) override;
};

}  // namespace host
