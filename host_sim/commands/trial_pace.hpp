// The pace of a look at a service whose quota a host shares.
#pragma once

#include <memory>

#include "host_sim/manifest.hpp"
#include "host_sim/pace.hpp"
#include "host_sim/state_store.hpp"

namespace host::commands {

// Where a state is, the look goes on from the slots that are in it, and leaves those that it took
// there for whoever comes next; it writes nothing else. Meanwhile it holds the state's lock: a host
// uses the quota fully, so no look can be had beside it. One thread; `clock` outlives it.
class TrialPace {
 public:
  // TRANSIENT when a host is running. Nothing is made where no state is.
  static Result<TrialPace> take(Clock& clock, const Manifest& manifest);
  // One that knows of no state.
  explicit TrialPace(Clock& clock);
  ~TrialPace();
  TrialPace(TrialPace&&) noexcept;

  Pace& pace() { return *pace_; }
  // Null where there is none.
  StateStore* state() { return store_.get(); }

 private:
  TrialPace(Clock& clock, std::unique_ptr<StateStore> store, const StateStore::LastRun& last);

  std::unique_ptr<StateStore> store_;
  std::unique_ptr<Pace> pace_;
};

}  // namespace host::commands
