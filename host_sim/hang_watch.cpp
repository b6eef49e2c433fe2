#include "host_sim/hang_watch.hpp"

#include <algorithm>

namespace host {
namespace {

constexpr int64_t kLongestPause = int64_t{5} * 1'000'000'000;

}  // namespace

HangWatch::HangWatch(const std::vector<std::unique_ptr<Pipeline>>& pipelines, Scheduler& scheduler,
                     Clock& clock, int64_t patience_ns)
    : scheduler_(scheduler), clock_(clock), patience_ns_(patience_ns) {
  for (const auto& pipeline : pipelines) seen_.push_back({*pipeline});
  thread_ = std::thread([this] { watch(); });
}

HangWatch::~HangWatch() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void HangWatch::watch() {
  const int64_t pause_ns = std::min(patience_ns_ / 4, kLongestPause);
  std::unique_lock lock(mutex_);
  while (!ending_) {
    for (Seen& seen : seen_) look(seen);
    scheduler_.tell_of_starving(patience_ns_);
    clock_.wait_until(lock, wake_, clock_.monotonic_ns() + pause_ns);
  }
}

void HangWatch::look(Seen& seen) const {
  const int64_t now = clock_.monotonic_ns();
  if (const uint64_t call = seen.pipeline.calls(); call != seen.call) {
    seen.call = call;
    seen.since_ns = now;
    seen.told = false;
    return;
  }
  const int64_t taken_ns = now - seen.since_ns;
  if (seen.told || taken_ns < patience_ns_) return;
  seen.told = seen.pipeline.tell_of_hanging(taken_ns, patience_ns_);
}

}  // namespace host
