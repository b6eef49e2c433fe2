// SIGINT and SIGTERM turned into a call.
#pragma once

#include <signal.h>

#include <atomic>
#include <functional>
#include <thread>

namespace host {

// Keeps both signals waiting from the start of the process on, so that one that comes before there
// is a StopSignals is seen by it, or by nobody until the release. The main thread, before others.
void hold_stop_signals();
void release_stop_signals();

// While it lives, both signals are blocked in the thread that made it and in all that this thread
// starts, and a thread of its own waits for them: the first one calls `stop`, one that comes
// a second later or more ends the process at once.
class StopSignals {
 public:
  explicit StopSignals(std::function<void()> stop);
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

 private:
  void watch(const std::function<void()>& stop);

  sigset_t signals_;
  sigset_t before_;
  std::atomic<bool> ending_ = false;
  std::thread watcher_;
};

}  // namespace host
