// The end of a host's plugin instances: a destroy that hangs must not hold up the exit.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

#include "host_sim/clock.hpp"
#include "host_sim/pipeline.hpp"

namespace host {

class Farewell {
 public:
  explicit Farewell(Clock& clock) : clock_(clock) {}
  // All have gone.
  ~Farewell();
  Farewell(const Farewell&) = delete;
  Farewell& operator=(const Farewell&) = delete;

  // Lets each of them go on a thread of its own, and returns when all have gone or `grace_ns` have
  // passed. Once.
  void say(std::vector<Pipeline*> pipelines, int64_t grace_ns);
  // The one that does not go, or null. Any thread.
  Pipeline* hanging();

 private:
  void let_go();

  Clock& clock_;
  std::mutex mutex_;
  std::condition_variable ended_;
  std::vector<Pipeline*> staying_;  // the last one is on its way
  std::thread thread_;
};

}  // namespace host
