#include "host_sim/stop_signals.hpp"

#include <pthread.h>

#include <algorithm>
#include <cerrno>
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

StopSignals::StopSignals(std::function<void()> stop, std::chrono::nanoseconds grace,
                         std::function<void()> overdue)
    : stop_(std::move(stop)),
      grace_(grace),
      overdue_(std::move(overdue)),
      signals_(stop_signals()) {
  pthread_sigmask(SIG_BLOCK, &signals_, &before_);
  watcher_ = std::thread([this] { watch(); });
}

StopSignals::~StopSignals() {
  ending_ = true;
  // Every thread blocks it: it wakes the watcher, who waits for it, and nobody else.
  pthread_kill(watcher_.native_handle(), SIGTERM);  // NOLINT(bugprone-bad-signal-to-kill-thread)
  watcher_.join();
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

// The signal's number, or -1 when none has come until then.
int StopSignals::next(steady_clock::time_point until) {
  for (;;) {
    const auto left = std::max(until - steady_clock::now(), steady_clock::duration::zero());
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
    const timespec limit{seconds.count(), std::chrono::nanoseconds(left - seconds).count()};
    const int number = ::sigtimedwait(&signals_, nullptr, &limit);
    if (number > 0 || errno == EAGAIN) return number;
  }
}

void StopSignals::watch() {
  constexpr steady_clock::time_point kNever = steady_clock::time_point::max();
  std::optional<steady_clock::time_point> first;
  steady_clock::time_point due = kNever;
  for (;;) {
    const int number = next(due);
    if (ending_) return;
    const steady_clock::time_point now = steady_clock::now();
    if (number < 0) {
      due = kNever;
      overdue_();
    } else if (!first) {
      first = now;
      due = now + grace_;
      stop_();
    } else if (now - *first >= kOneGesture) {
      std::_Exit(EXIT_FAILURE);
    }
  }
}

}  // namespace host
