#include "host_sim/progress_line.hpp"

#include <chrono>
#include <cstdio>
#include <map>
#include <ostream>

namespace host {
namespace {

constexpr std::chrono::milliseconds kRedraw(250);
constexpr std::string_view kWipe = "\r\033[K";
constexpr int32_t kAll = 10'000;

std::string text_of(const PipelineStatus& status) {
  std::string text = status.name + ": " + std::string(to_text(status.health));
  if (status.progress >= 0 && status.progress < kAll) {
    char percent[32];
    std::snprintf(percent, sizeof percent, ", backfill %.1f %%", status.progress / 100.0);
    text += percent;
  }
  return text + ", " + std::to_string(status.records) + " records";
}

}  // namespace

std::string progress_text(const std::vector<PipelineStatus>& statuses) {
  if (statuses.size() == 1) return text_of(statuses.front());
  std::map<PipelineHealth, int> counts;
  int64_t records = 0;
  for (const PipelineStatus& status : statuses) {
    ++counts[status.health];
    records += status.records;
  }
  std::string text = std::to_string(statuses.size()) + " pipelines:";
  for (const auto& [health, count] : counts)
    text += " " + std::to_string(count) + " " + std::string(to_text(health)) + ",";
  return text + " " + std::to_string(records) + " records";
}

ProgressLine::ProgressLine(Log& log, std::ostream& to) : log_(log), to_(to) {}

ProgressLine::~ProgressLine() { stop(); }

void ProgressLine::write(LogLevel level, std::string_view pipeline, std::string_view text) {
  const std::lock_guard lock(mutex_);
  to_ << kWipe << std::flush;
  log_.write(level, pipeline, text);
}

void ProgressLine::start(std::function<std::vector<PipelineStatus>()> statuses) {
  drawer_ = std::thread([this, statuses = std::move(statuses)] { draw(statuses); });
}

void ProgressLine::draw(const std::function<std::vector<PipelineStatus>()>& statuses) {
  std::unique_lock lock(mutex_);
  while (!ending_) {
    lock.unlock();
    // Not under the lock: whoever holds a status may be waiting to log.
    const std::vector<PipelineStatus> now = statuses();
    lock.lock();
    if (!now.empty()) to_ << kWipe << progress_text(now) << std::flush;
    if (!ending_) wake_.wait_for(lock, kRedraw);
  }
  to_ << kWipe << std::flush;
}

void ProgressLine::stop() {
  if (!drawer_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_all();
  drawer_.join();
}

}  // namespace host
