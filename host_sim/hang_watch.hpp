// Tells of calls into plugins that do not return, while the host goes on around them, and of the
// pipelines that they leave no worker for.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "host_sim/clock.hpp"
#include "host_sim/pipeline.hpp"
#include "host_sim/scheduler.hpp"

namespace host {

// Looks at every pipeline again and again, on a thread of its own, from construction to the end.
class HangWatch {
 public:
  // All but the number outlive it. A call is told of once, when it has taken `patience_ns` longer
  // than it may; a pipeline that gets no worker, when it has waited as long for one.
  HangWatch(const std::vector<std::unique_ptr<Pipeline>>& pipelines, Scheduler& scheduler,
            Clock& clock, int64_t patience_ns);
  ~HangWatch();
  HangWatch(const HangWatch&) = delete;
  HangWatch& operator=(const HangWatch&) = delete;

 private:
  // The call that a pipeline was in at the last look.
  struct Seen {
    Pipeline& pipeline;
    uint64_t call = 0;
    int64_t since_ns = 0;
    bool told = false;
  };

  void watch();
  void look(Seen& seen) const;

  Scheduler& scheduler_;
  Clock& clock_;
  const int64_t patience_ns_;
  std::vector<Seen> seen_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace host
