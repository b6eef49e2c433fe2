#include "host_sim/stop_signals.hpp"

#include <pthread.h>

#include <chrono>
#include <cstdlib>
#include <optional>

namespace host {
namespace {

using std::chrono::steady_clock;

// `timeout`, containers and shells send to a process and to its group: two signals, one wish.
constexpr std::chrono::seconds kOneGesture(1);

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
  std::optional<steady_clock::time_point> first;
  for (;;) {
    int number = 0;
    if (sigwait(&signals_, &number) != 0) continue;
    if (ending_) return;
    const steady_clock::time_point now = steady_clock::now();
    if (first && now - *first >= kOneGesture) std::_Exit(EXIT_FAILURE);
    if (first) continue;
    first = now;
    stop();
  }
}

}  // namespace host
