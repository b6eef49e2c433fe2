// At the foot of a terminal, below the log: how far everything is.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <iosfwd>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "host_sim/log.hpp"
#include "host_sim/progress_rate.hpp"
#include "host_sim/status/snapshot.hpp"

namespace host {

struct TerminalSize {
  size_t columns = 80;
  size_t rows = 24;
};

// Of the terminal behind a descriptor; what it does not tell is as above.
TerminalSize terminal_size(int descriptor);

// A log that gives way: the lines are taken off the terminal for every message and stand below it
// again at once; they are drawn anew some times a second, on a thread of its own, in the real time
// of the person who looks at them. One line a pipeline, or one for all from kTotalFrom on, and
// where the terminal is too low. Any thread.
class ProgressLine final : public Log {
 public:
  static constexpr size_t kTotalFrom = 5;

  // `log` writes to the terminal `to`; both outlive the object.
  ProgressLine(Log& log, std::ostream& to, std::function<TerminalSize()> size);
  ~ProgressLine() override;

  void write(LogLevel level, std::string_view pipeline, std::string_view text) override;
  bool writes(LogLevel level) const override { return log_.writes(level); }
  bool shows_progress() const override { return shows_; }
  // Draws what `take_snapshot` says from now on, until `stop`, which leaves nothing behind.
  void start(status::TakeSnapshot take_snapshot);
  void stop();

 private:
  void draw_until_the_end(const status::TakeSnapshot& take_snapshot);
  void note(const std::vector<status::PipelineSnapshot>& pipelines);
  std::vector<std::string> lines_of(const std::vector<status::PipelineSnapshot>& pipelines) const;
  std::string wiped() const;
  std::string drawn() const;

  Log& log_;
  std::ostream& to_;
  const std::function<TerminalSize()> size_;
  std::map<std::string, ProgressRate> rates_;  // by pipeline; the drawing thread's
  std::mutex mutex_;
  std::condition_variable wake_;
  bool ending_ = false;
  std::vector<std::string> lines_;  // as they stand on the terminal
  std::atomic<bool> shows_ = false;
  std::thread drawer_;
};

}  // namespace host
