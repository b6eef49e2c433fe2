#include "host_sim/stop_signals.hpp"

#include <pthread.h>

#include <cstdlib>

namespace host {
namespace {

sigset_t stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

}  // namespace

void hold_stop_signals() {
  const sigset_t signals = stop_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

void release_stop_signals() {
  const sigset_t signals = stop_signals();
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

StopSignals::StopSignals(std::function<void()> stop) : signals_(stop_signals()) {
  pthread_sigmask(SIG_BLOCK, &signals_, &before_);
  watcher_ = std::thread([this, stop = std::move(stop)] { watch(stop); });
}

StopSignals::~StopSignals() {
  ending_ = true;
  // Every thread blocks it: it wakes the watcher, who waits for it, and nobody else.
  pthread_kill(watcher_.native_handle(), SIGTERM);  // NOLINT(bugprone-bad-signal-to-kill-thread)
  watcher_.join();
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void StopSignals::watch(const std::function<void()>& stop) {
  bool stopped = false;
  for (;;) {
    int number = 0;
    if (sigwait(&signals_, &number) != 0) continue;
    if (ending_) return;
    if (stopped) std::_Exit(EXIT_FAILURE);
    stopped = true;
    stop();
  }
}

}  // namespace host
