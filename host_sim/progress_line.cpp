#include "host_sim/progress_line.hpp"

#include <sys/ioctl.h>

#include <algorithm>
#include <chrono>
#include <ostream>

#include "host_sim/progress_text.hpp"

namespace host {
namespace {

constexpr std::chrono::milliseconds kRedraw(250);
constexpr std::chrono::milliseconds kRedrawTotal(1000);  // what thousands say takes a while to copy
// A full line would begin another one on some terminals, and so would the ^C that a terminal shows
// behind it when that is typed: then nobody knew how many rows there are.
constexpr size_t kFreeColumns = 3;

int64_t now_ns() {
  return std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
}

// What is delivered is known from the last commit on.
bool has_begun(const PipelineStatus& status) {
  return status.health != PipelineHealth::kPending &&
         status.health != PipelineHealth::kInitializing;
}

}  // namespace

TerminalSize terminal_size(int descriptor) {
  winsize told{};
  TerminalSize size;
  if (::ioctl(descriptor, TIOCGWINSZ, &told) != 0) return size;
  if (told.ws_col > 0) size.columns = told.ws_col;
  if (told.ws_row > 0) size.rows = told.ws_row;
  return size;
}

ProgressLine::ProgressLine(Log& log, std::ostream& to, std::function<TerminalSize()> size)
    : log_(log), to_(to), size_(std::move(size)) {}

ProgressLine::~ProgressLine() { stop(); }

void ProgressLine::write(LogLevel level, std::string_view pipeline, std::string_view text) {
  const std::lock_guard lock(mutex_);
  if (!lines_.empty()) to_ << wiped() << std::flush;
  log_.write(level, pipeline, text);
  if (!lines_.empty()) to_ << drawn() << std::flush;
}

void ProgressLine::start(status::TakeSnapshot take_snapshot) {
  shows_ = true;
  drawer_ = std::thread(
      [this, take_snapshot = std::move(take_snapshot)] { draw_until_the_end(take_snapshot); });
}

void ProgressLine::draw_until_the_end(const status::TakeSnapshot& take_snapshot) {
  std::unique_lock lock(mutex_);
  while (!ending_) {
    lock.unlock();
    // Not under the lock: whoever holds a status may be waiting to log.
    const std::vector<status::PipelineSnapshot> pipelines = take_snapshot().pipelines;
    note(pipelines);
    std::vector<std::string> lines = lines_of(pipelines);
    lock.lock();
    std::string frame = wiped();
    lines_ = std::move(lines);
    to_ << (frame += drawn()) << std::flush;
    const bool many = pipelines.size() >= kTotalFrom;
    if (!ending_) wake_.wait_for(lock, many ? kRedrawTotal : kRedraw);
  }
  to_ << wiped() << std::flush;
  lines_.clear();
}

void ProgressLine::note(const std::vector<status::PipelineSnapshot>& pipelines) {
  for (const auto& [status, metrics] : pipelines)
    if (has_begun(status)) rates_[status.name].note(now_ns(), status.records, status.progress);
}

std::vector<std::string> ProgressLine::lines_of(
    const std::vector<status::PipelineSnapshot>& pipelines) const {
  static const ProgressRate kNone;
  std::vector<const ProgressRate*> rates;
  for (const auto& [status, metrics] : pipelines) {
    const auto found = rates_.find(status.name);
    rates.push_back(found == rates_.end() ? &kNone : &found->second);
  }
  const auto [all_columns, rows] = size_();
  const size_t columns = std::max(all_columns, kFreeColumns) - kFreeColumns;
  if (pipelines.size() >= kTotalFrom || (pipelines.size() > 1 && pipelines.size() >= rows))
    return {total_text(pipelines, rates, columns)};
  std::vector<std::string> lines;
  for (size_t i = 0; i < pipelines.size(); ++i)
    lines.push_back(progress_text(pipelines[i], *rates[i], columns));
  return lines;
}

// A terminal that became narrower shows a line on several rows. Each is wiped by itself: what a
// terminal is asked to wipe as a whole, from its top left on, tmux puts into its history.
std::string ProgressLine::wiped() const {
  if (lines_.empty()) return {};
  const size_t columns = size_().columns;
  size_t rows = 0;
  for (const std::string& line : lines_)
    rows += std::max<size_t>((line.size() + columns - 1) / columns, 1);
  std::string steps = "\r\033[K";
  for (size_t row = 1; row < rows; ++row) steps += "\033[A\033[K";
  return steps;
}

std::string ProgressLine::drawn() const {
  std::string text;
  for (const std::string& line : lines_) text.append(text.empty() ? "" : "\n").append(line);
  return text;
}

void ProgressLine::stop() {
  if (!drawer_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_all();
  drawer_.join();
  shows_ = false;
}

}  // namespace host
