#include "host_sim/state_opening.hpp"

#include <algorithm>

namespace host {
namespace {

constexpr std::string_view kNoPipeline;
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
    stand_by(opened.error());
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

void StateOpening::begin_waiting() {
  for (const PipelineManifest& pipeline : manifest_.pipelines) {
    PipelineStatus& status = waiting_.emplace_back();
    status.name = pipeline.name;
    status.health = PipelineHealth::kErroring;
    status.since_ns = clock_.wall_ns();
  }
}

void StateOpening::end_waiting(bool opened) {
  const std::lock_guard lock(mutex_);
  waiting_.clear();
  if (!opened) return;
  for (const std::string& text : troubles_.over(clock_.monotonic_ns()))
    log_.info(kNoPipeline, "begins: " + text);
}

// It is the host that waits, with however many pipelines: a line of the log is not for each.
void StateOpening::stand_by(const Error& error) {
  const std::lock_guard lock(mutex_);
  const std::string reason = "stands by until the state can be had: " + error.text;
  if (waiting_.empty()) begin_waiting();
  for (PipelineStatus& status : waiting_) {
    status.reason = reason;
    status.last_error = error.text;
    status.last_error_ns = clock_.wall_ns();
  }
  if (const auto told = troubles_.came(error.text, reason, clock_.monotonic_ns()))
    log_.warning(kNoPipeline, *told);
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
  std::vector<PipelineStatus> all = waiting_;
  for (PipelineStatus& status : all) status.now_ns = clock_.wall_ns();
  return all;
}

}  // namespace host
