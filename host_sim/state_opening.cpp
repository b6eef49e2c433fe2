#include "host_sim/state_opening.hpp"

#include <algorithm>

#include "host_sim/wording.hpp"

namespace host {
namespace {

constexpr int64_t kFirstWait = 1'000'000'000;
constexpr int64_t kLongestWait = 30 * kFirstWait;

}  // namespace

StateOpening::StateOpening(const Manifest& manifest, Clock& clock, Log& log)
    : manifest_(manifest), clock_(clock), log_(log) {}

Result<OpenedRun> StateOpening::open(const CrashPoints& crash_points, bool waits) {
  for (int64_t wait_ns = kFirstWait;; wait_ns = std::min(2 * wait_ns, kLongestWait)) {
    Result<OpenedRun> opened = try_to_open(crash_points);
    if (opened || opened.error().status != Status::kTransient || !waits) {
      end_waiting(static_cast<bool>(opened));
      return opened;
    }
    tell(opened.error(), wait_ns);
    if (!pause(wait_ns)) return Error{Status::kCancelled, "stopped while waiting for the state"};
  }
}

Result<OpenedRun> StateOpening::try_to_open(const CrashPoints& crash_points) const {
  Result<std::unique_ptr<StateStore>> state = StateStore::open(manifest_.state, crash_points);
  if (!state) return std::move(state).error();
  Result<StateStore::LastRun> last = (*state)->begin_run();
  if (!last) return std::move(last).error();
  return OpenedRun{*std::move(state), *std::move(last)};
}

void StateOpening::end_waiting(bool opened) {
  const std::lock_guard lock(mutex_);
  for (const auto& record : waiting_)
    if (opened) record->change(PipelineHealth::kRunning, "");
  waiting_.clear();
}

void StateOpening::tell(const Error& error, int64_t wait_ns) {
  const std::lock_guard lock(mutex_);
  if (waiting_.empty())
    for (const PipelineManifest& pipeline : manifest_.pipelines)
      waiting_.push_back(std::make_unique<HealthRecord>(pipeline.name, clock_, log_));
  for (const auto& record : waiting_) {
    record->failed(PipelineHealth::kErroring, error.text, next_try_text(wait_ns));
  }
}

bool StateOpening::pause(int64_t wait_ns) {
  std::unique_lock lock(mutex_);
  const int64_t due = clock_.monotonic_ns() + wait_ns;
  while (!stopped_ && clock_.monotonic_ns() < due) clock_.wait_until(lock, wake_, due);
  return !stopped_;
}

void StateOpening::stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  wake_.notify_all();
}

std::vector<PipelineStatus> StateOpening::statuses() {
  const std::lock_guard lock(mutex_);
  std::vector<PipelineStatus> all;
  for (const auto& record : waiting_) all.push_back(record->status());
  return all;
}

}  // namespace host
