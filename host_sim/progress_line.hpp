// One line at the foot of a terminal that says how far everything is, below the log.
#pragma once

#include <condition_variable>
#include <functional>
#include <iosfwd>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "host_sim/health.hpp"
#include "host_sim/log.hpp"

namespace host {

// "demo: running, backfill 43.2 %, 2160 records"; of several pipelines, how many are in each
// health.
std::string progress_text(const std::vector<PipelineStatus>& statuses);

// A log that gives way: the line is taken off the terminal for every message and drawn again some
// times a second, on a thread of its own, in the real time of the person who looks at it. Any
// thread.
class ProgressLine final : public Log {
 public:
  // `log` writes to the terminal `to`; both outlive the object.
  ProgressLine(Log& log, std::ostream& to);
  ~ProgressLine() override;

  void write(LogLevel level, std::string_view pipeline, std::string_view text) override;
  // Draws what `statuses` say from now on, until `stop`.
  void start(std::function<std::vector<PipelineStatus>()> statuses);
  void stop();

 private:
  void draw(const std::function<std::vector<PipelineStatus>()>& statuses);

  Log& log_;
  std::ostream& to_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool ending_ = false;
  std::thread drawer_;
};

}  // namespace host
