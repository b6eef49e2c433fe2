// What a pipeline tells of itself: its health with the reason, and its counts.
#include "host_sim/counts_line.hpp"
#include "host_sim/pipeline.hpp"
#include "host_sim/wording.hpp"

namespace host {
namespace {

// A shorter wait for the pace is how a paced input works, and nothing to tell people.
constexpr int64_t kNotableWait = 30 * kNsPerSecond;

}  // namespace

// Until its next batch. One that is stopped is not well anyway, and its reason matters more.
void Pipeline::starves(int64_t due_for_ns, size_t workers) {
  if (health_.status().health == PipelineHealth::kStopped) return;
  health_.change(
      PipelineHealth::kErroring,
      "has been due for " + std::to_string(due_for_ns / kNsPerSecond) + " s: all " +
          std::to_string(workers) +
          " workers are inside plugins; only a restart of the host ends those that hang");
}

void Pipeline::count_records(int64_t records) {
  context_.services.metrics.record(CONNECTOR_METRIC_COUNTER, {name(), "records_total", ""},
                                   records);
}

void Pipeline::log_counts() {
  context_.services.log.info(name(),
                             counts_line(health_.status(), context_.services.metrics.of(name())));
}

void Pipeline::show_health(const PluginBatch& batch, bool progressed, const std::string& notice) {
  const connector::Wait wait = batch.wait();
  if (wait.reason == CONNECTOR_WAIT_RATE_LIMIT && wait.ns >= kNotableWait)
    health_.change(PipelineHealth::kThrottled,
                   "the pace allows nothing for " + duration_text(wait.ns) + ", then it goes on");
  else if (wait.reason == CONNECTOR_WAIT_BACKOFF)
    show_back_off(notice, wait.ns);
  else if (progressed && is_kept(batch))
    show_well(notice);
}

// Where it goes on at once, it is with something else than what its notice is about.
void Pipeline::show_back_off(const std::string& notice, int64_t wait_ns) {
  std::string reason = notice.empty() ? "the plugin backs off" : notice;
  if (notice.empty() || wait_ns >= kNsPerSecond) reason += "; " + next_try_text(wait_ns);
  health_.change(PipelineHealth::kErroring, reason);
}

// A plugin that gives notice of something does not do all that it promises, even while all that it
// asks for succeeds.
void Pipeline::show_well(const std::string& notice) {
  health_.change(notice.empty() ? PipelineHealth::kRunning : PipelineHealth::kThrottled, notice);
}

// Where something was not, the commit that is to come tells. A plugin that waits for more has given
// all that was not kept, be it fewer records this time.
bool Pipeline::is_kept(const PluginBatch& batch) {
  if (batch.has_all() && unkept_until_ > records_) unkept_until_ = records_;
  return unkept_until_ == kAllKept;
}

// An instance that does not come to be has given no reason yet.
PipelineStatus Pipeline::status() {
  PipelineStatus status = health_.status();
  const char* call = trace_.call_in_progress();
  const int64_t taken_ns = status.now_ns - status.since_ns;
  const bool is_long = status.health == PipelineHealth::kInitializing && taken_ns >= kNsPerSecond;
  if (call && is_long && status.reason.empty())
    status.reason = std::string(call) + " of the plugin " + plugin_name() +
                    " has not returned yet, " + duration_text(taken_ns) + " after the start";
  return status;
}

const char* Pipeline::call_in_progress() const {
  const char* call = trace_.call_in_progress();
  return call ? call : cancel_trace_.call_in_progress();
}

// Only a step is given time, up to its deadline.
bool Pipeline::tell_of_hanging(int64_t taken_ns, int64_t patience_ns) {
  const char* call = trace_.call_in_progress();
  if (!call) return false;
  const bool step = call == std::string_view("connector_next_batch");
  if (taken_ns < patience_ns + (step ? kLongestStep : 0)) return false;
  health_.change(PipelineHealth::kErroring, std::string(call) + " of the plugin " + plugin_name() +
                                                " has not returned for " + duration_text(taken_ns) +
                                                "; only a restart of the host ends it");
  return true;
}

}  // namespace host
