#include "host_sim/health.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>
#include <vector>

#include "host_sim/wording.hpp"

namespace host {
namespace {

constexpr int64_t kProgressEvery = 10 * kNsPerSecond;
constexpr int32_t kProgressDone = 10'000;

bool is_bad(PipelineHealth health) {
  return health == PipelineHealth::kErroring || health == PipelineHealth::kThrottled ||
         health == PipelineHealth::kStopped;
}

// Of a trouble.
LogLevel level_of(PipelineHealth health) {
  return health == PipelineHealth::kStopped ? LogLevel::kError : LogLevel::kWarning;
}

std::string joined(std::string_view first, std::string_view between, std::string_view last) {
  return std::string(first).append(last.empty() ? "" : between).append(last);
}

}  // namespace

std::string_view to_text(PipelineHealth health) {
  switch (health) {
    case PipelineHealth::kPending:
      return "pending";
    case PipelineHealth::kInitializing:
      return "initializing";
    case PipelineHealth::kRunning:
      return "running";
    case PipelineHealth::kThrottled:
      return "throttled";
    case PipelineHealth::kErroring:
      return "erroring";
    case PipelineHealth::kStopped:
      return "stopped";
  }
  return "unknown";
}

std::string_view wait_name(size_t reason) {
  constexpr std::string_view kNames[] = {"none", "idle", "rate_limit", "backoff"};
  return reason < std::size(kNames) ? kNames[reason] : kNames[0];
}

HealthRecord::HealthRecord(std::string name, Clock& clock, Log& log) : clock_(clock), log_(log) {
  status_.name = std::move(name);
  status_.since_ns = clock_.wall_ns();
}

void HealthRecord::change(PipelineHealth health, std::string_view reason) {
  const std::lock_guard lock(mutex_);
  const bool is_news = status_.health != health || status_.reason != reason;
  if (is_news) become(health, std::string(reason));
  if (health == PipelineHealth::kRunning)
    tell_all_is_well(is_news);
  else if (is_news && is_bad(health))
    tell_trouble(status_.reason, status_.reason);
  else if (is_news)
    log_.info(status_.name, to_text(health));
}

void HealthRecord::failed(PipelineHealth health, std::string_view text, std::string_view next) {
  const std::lock_guard lock(mutex_);
  status_.last_error = text;
  status_.last_error_ns = clock_.wall_ns();
  become(health, joined(text, "; ", next));
  tell_trouble(text, status_.reason);
}

void HealthRecord::become(PipelineHealth health, std::string reason) {
  if (status_.health != health) status_.since_ns = clock_.wall_ns();
  // The stop is told, whatever was told of the tries before it.
  if (status_.health != health && health == PipelineHealth::kStopped) troubles_ = {};
  status_.health = health;
  status_.reason = std::move(reason);
}

void HealthRecord::tell_trouble(std::string_view trouble, std::string_view line) {
  const auto told =
      troubles_.came(trouble, joined(to_text(status_.health), ": ", line), clock_.monotonic_ns());
  if (told) log_.write(level_of(status_.health), status_.name, *told);
}

// Nothing is said while it is likely to come back.
void HealthRecord::tell_all_is_well(bool is_news) {
  const std::vector<std::string> over = troubles_.over(clock_.monotonic_ns());
  for (const std::string& text : over) log_.info(status_.name, "running: " + text);
  if (over.empty() && is_news && !troubles_.is_open()) log_.info(status_.name, "running");
}

void HealthRecord::remarked(std::string_view remark) {
  const std::lock_guard lock(mutex_);
  if (const auto told = remarks_.came(remark, remark, clock_.monotonic_ns()))
    log_.warning(status_.name, *told);
}

void HealthRecord::all_is_kept() {
  const std::lock_guard lock(mutex_);
  remarks_ = {};
}

void HealthRecord::delivered(int64_t records, int32_t progress, std::string_view notice) {
  const std::lock_guard lock(mutex_);
  status_.records += records;
  status_.progress = progress;
  if (status_.notice != notice) {
    status_.notice = notice;
    if (!notice.empty() && status_.reason != notice) tell_trouble(notice, notice);
  }
  log_progress();
}

// A line every ten seconds while a backfill moves on, and one at its end, however soon that comes.
// What is read again after a failure was told before.
void HealthRecord::log_progress() {
  if (status_.progress < 0 || status_.progress >= kProgressDone) {
    if (std::exchange(progress_logged_ns_, INT64_MIN) != INT64_MIN)
      log_.info(status_.name, "backfill complete, " + counted(status_.records, "record"));
    return;
  }
  const int64_t now = clock_.monotonic_ns();
  const bool first = progress_logged_ns_ == INT64_MIN;
  const bool moved = status_.records > progress_records_ || status_.progress > progress_;
  if (!first && (!moved || now - progress_logged_ns_ < kProgressEvery)) return;
  const double seconds = first ? 0 : static_cast<double>(now - progress_logged_ns_) / kNsPerSecond;
  const int64_t more = std::max<int64_t>(status_.records - progress_records_, 0);
  const double rate = first ? 0 : static_cast<double>(more) / seconds;
  progress_logged_ns_ = now;
  progress_records_ = status_.records;
  progress_ = status_.progress;
  if (log_.shows_progress()) return;
  char line[120];
  std::snprintf(line, sizeof line, "backfill %.1f %%, %s, %.1f a second", status_.progress / 100.0,
                counted(status_.records, "record").c_str(), rate);
  log_.info(status_.name, line);
}

void HealthRecord::finished() {
  const std::lock_guard lock(mutex_);
  status_.health = PipelineHealth::kStopped;
  status_.reason = "caught up";
  status_.caught_up = true;
  status_.since_ns = clock_.wall_ns();
  log_.info(status_.name, "caught up: " + counted(status_.committed, "record") + " in all");
}

void HealthRecord::waits(int32_t reason, int64_t ns) {
  wait_ends();
  const std::lock_guard lock(mutex_);
  if (ns <= 0 || reason <= CONNECTOR_WAIT_NONE || reason >= CONNECTOR_WAIT_END) return;
  ++status_.waits[static_cast<size_t>(reason)].times;
  waits_for_ = reason;
  waits_since_ns_ = clock_.monotonic_ns();
}

void HealthRecord::wait_ends() {
  const std::lock_guard lock(mutex_);
  add_wait(status_);
  waits_for_ = CONNECTOR_WAIT_NONE;
}

void HealthRecord::add_wait(PipelineStatus& status) const {
  if (waits_for_ == CONNECTOR_WAIT_NONE) return;
  status.waits[static_cast<size_t>(waits_for_)].ns += clock_.monotonic_ns() - waits_since_ns_;
}

void HealthRecord::commit_begins() {
  const std::lock_guard lock(mutex_);
  ++status_.commits_queued;
}

void HealthRecord::commit_ends(int64_t took_ns, bool kept) {
  const std::lock_guard lock(mutex_);
  --status_.commits_queued;
  ++status_.commits;
  status_.commit_ns += took_ns;
  if (kept) status_.last_commit_ns = clock_.wall_ns();
}

void HealthRecord::committed(int64_t records, int64_t watermark_ns) {
  const std::lock_guard lock(mutex_);
  status_.committed = records;
  if (watermark_ns != CONNECTOR_TIME_UNKNOWN) status_.watermark_ns = watermark_ns;
}

void HealthRecord::starts_from(int64_t records) {
  const std::lock_guard lock(mutex_);
  status_.committed = records;
  status_.records = records;
}

PipelineStatus HealthRecord::status() {
  const std::lock_guard lock(mutex_);
  PipelineStatus status = status_;
  add_wait(status);
  status.now_ns = clock_.wall_ns();
  if (status.watermark_ns != CONNECTOR_TIME_UNKNOWN)
    status.lag_ns = std::max<int64_t>(status.now_ns - status.watermark_ns, 0);
  return status;
}

}  // namespace host
