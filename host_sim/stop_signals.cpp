#include "host_sim/stop_signals.hpp"

#include <pthread.h>

#include <cstdlib>

namespace host {

StopSignals::StopSignals(std::function<void()> stop) {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGINT);
  sigaddset(&signals_, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals_, &before_);
  watcher_ = std::thread([this, stop = std::move(stop)] { watch(stop); });
}

StopSignals::~StopSignals() {
  ending_ = true;
  pthread_kill(watcher_.native_handle(), SIGTERM);  // wakes the watcher, and nobody else
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
