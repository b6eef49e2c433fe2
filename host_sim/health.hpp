// How each pipeline is doing, for people: the log, a progress line, metrics.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "host_sim/clock.hpp"
#include "host_sim/log.hpp"
#include "host_sim/repeated_messages.hpp"
#include "plugin_api/connector_plugin.h"

namespace host {

enum class PipelineHealth { kPending, kInitializing, kRunning, kThrottled, kErroring, kStopped };

std::string_view to_text(PipelineHealth health);

// Of one of CONNECTOR_WAIT_...: "idle", "rate_limit", "backoff"; "none" for any other.
std::string_view wait_name(size_t reason);

// What has passed, also of the one that still goes on.
struct WaitCount {
  int64_t times = 0;  // begun
  int64_t ns = 0;
};

// One pipeline at one moment.
struct PipelineStatus {
  std::string name;
  PipelineHealth health = PipelineHealth::kPending;
  std::string reason;      // why it is not Running; empty when it is
  bool caught_up = false;  // Stopped, since a run that ends has nothing left to do
  int64_t since_ns = 0;    // wall clock
  int64_t now_ns = 0;      // .. at that moment
  int64_t records = 0;     // delivered, over all runs
  int64_t committed = 0;   // of them, those that a crash cannot take back
  int64_t watermark_ns = CONNECTOR_TIME_UNKNOWN;
  int64_t lag_ns = -1;  // now less the watermark, which is of what is committed; -1 if unknown
  int32_t progress = CONNECTOR_PROGRESS_UNKNOWN;
  std::array<WaitCount, CONNECTOR_WAIT_END> waits = {};  // by CONNECTOR_WAIT_..., in this run
  int64_t commits = 0;                                   // in this run
  int64_t commit_ns = 0;       // of all of them, from the write of the batch on
  int64_t commits_queued = 0;  // written, and not committed yet
  std::string notice;          // the plugin's, while it holds
  std::string last_error;      // also after it is over
  // Of both the wall clock, in this run.
  int64_t last_error_ns = CONNECTOR_TIME_UNKNOWN;
  int64_t last_commit_ns = CONNECTOR_TIME_UNKNOWN;

  // The last error.
  bool delivered_since() const { return last_commit_ns > last_error_ns; }
};

// Keeps one pipeline's status and logs every change of it; the same trouble again and again is
// counted. Any thread.
class HealthRecord {
 public:
  HealthRecord(std::string name, Clock& clock, Log& log);

  void change(PipelineHealth health, std::string_view reason);
  // A failure that makes it `health`; `next` is what happens now ("trying again in 5 s").
  void failed(PipelineHealth health, std::string_view text, std::string_view next);
  // Of the output, once in a while that trouble lasts: each try opens it anew.
  void remarked(std::string_view remark);
  // All that was written is committed: the next remark is about something else.
  void all_is_kept();
  // Caught up, in a run that ends: Stopped, and all is well.
  void finished();
  // What a batch brought, and what the plugin says beside it.
  void delivered(int64_t records, int32_t progress, std::string_view notice);
  // A wait begins. `reason` is one of CONNECTOR_WAIT_..., or a plugin's nonsense, which is not
  // counted.
  void waits(int32_t reason, int64_t ns);
  // It is over, be it cut short; without one, nothing happens.
  void wait_ends();
  void commit_begins();
  void commit_ends(int64_t took_ns, bool kept);
  // What is durable. An unknown watermark leaves the one that was.
  void committed(int64_t records, int64_t watermark_ns);
  // What the last commit knows: where an instance starts from.
  void starts_from(int64_t records);
  PipelineStatus status();

 private:
  void become(PipelineHealth health, std::string reason);
  void tell_trouble(std::string_view trouble, std::string_view line);
  void tell_all_is_well(bool is_news);
  void log_progress();
  void add_wait(PipelineStatus& status) const;

  Clock& clock_;
  Log& log_;
  std::mutex mutex_;
  PipelineStatus status_;
  RepeatedMessages troubles_;
  RepeatedMessages remarks_;
  int64_t progress_logged_ns_ = INT64_MIN;
  int64_t progress_records_ = 0;  // as logged then, and the progress
  int32_t progress_ = 0;
  int32_t waits_for_ = CONNECTOR_WAIT_NONE;
  int64_t waits_since_ns_ = 0;
};

}  // namespace host
