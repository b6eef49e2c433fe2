// SIGINT and SIGTERM turned into a call.
#pragma once

#include <signal.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <thread>

namespace host {

// Keeps both signals waiting from the start of the process on, so that one that comes before there
// is a StopSignals is seen by it, or by nobody until the release. The main thread, before others.
void hold_stop_signals();
void release_stop_signals();

// While it lives, both signals are blocked in the thread that made it and in all that this thread
// starts, and a thread of its own waits for them: the first one calls `stop`, one that comes
// a second later or more ends the process at once. `overdue` is called when `grace` has passed
// since the first one.
class StopSignals {
 public:
  StopSignals(std::function<void()> stop, std::chrono::nanoseconds grace,
              std::function<void()> overdue);
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

 private:
  void watch();
  int next(std::chrono::steady_clock::time_point until);

  const std::function<void()> stop_;
  const std::chrono::nanoseconds grace_;
  const std::function<void()> overdue_;
  sigset_t signals_;
  sigset_t before_;
  std::atomic<bool> ending_ = false;
  std::thread watcher_;
};

}  // namespace host
