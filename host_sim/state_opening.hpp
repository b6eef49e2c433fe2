// The state at a host's start: opened, or waited for where it cannot be had just now.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "host_sim/clock.hpp"
#include "host_sim/health.hpp"
#include "host_sim/log.hpp"
#include "host_sim/manifest.hpp"
#include "host_sim/repeated_messages.hpp"
#include "host_sim/state_store.hpp"

namespace host {

struct OpenedRun {
  std::unique_ptr<StateStore> state;
  StateStore::LastRun last;
};

// All but `open` may be called by any thread meanwhile.
class StateOpening {
 public:
  StateOpening(const Manifest& manifest, Clock& clock, Log& log);

  // Opens the state and begins a run. What may pass, a host that still holds it or a full disk, is
  // waited out where `waits`: every pipeline is Erroring then, and the log tells it of the host.
  // CANCELLED after `stop`, else the store's error. Once.
  Result<OpenedRun> open(const CrashPoints& crash_points, bool waits);
  void stop();
  // One for each pipeline while it waits; before and afterwards none.
  std::vector<PipelineStatus> statuses();

 private:
  void stand_by(const Error& error);
  void begin_waiting();
  void end_waiting(bool opened);
  bool pause(int64_t wait_ns);
  Result<OpenedRun> try_to_open(const CrashPoints& crash_points) const;

  const Manifest& manifest_;
  Clock& clock_;
  Log& log_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopped_ = false;
  std::vector<PipelineStatus> waiting_;
  RepeatedMessages troubles_;
};

}  // namespace host
