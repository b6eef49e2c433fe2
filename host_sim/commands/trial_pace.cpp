#include "host_sim/commands/trial_pace.hpp"

namespace host::commands {

TrialPace::TrialPace(Clock& clock) : pace_(std::make_unique<Pace>(clock, false, Pace::Slots())) {}

TrialPace::TrialPace(Clock& clock, std::unique_ptr<StateStore> store,
                     const StateStore::LastRun& last)
    : store_(std::move(store)),
      pace_(std::make_unique<Pace>(clock, !last.clean_end, last.next_slots_ns)) {}

TrialPace::TrialPace(TrialPace&&) noexcept = default;

TrialPace::~TrialPace() {
  // Where it fails, the next run is a few requests too early at worst.
  if (store_ && pace_->was_used()) static_cast<void>(store_->keep_slots(pace_->next_slots()));
}

Result<TrialPace> TrialPace::take(Clock& clock, const Manifest& manifest) {
  std::error_code unknown;
  if (!std::filesystem::exists(manifest.state, unknown)) return TrialPace(clock);
  Result<std::unique_ptr<StateStore>> store = StateStore::open_to_ask(manifest.state);
  if (!store) return std::move(store).error();
  const Result<StateStore::LastRun> last = (*store)->last_run();
  if (!last) return last.error();
  return TrialPace(clock, *std::move(store), *last);
}

}  // namespace host::commands
