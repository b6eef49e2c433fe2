// What the host says to people, to stderr: one line a message, never a record and never a secret.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <string_view>

#include "host_sim/clock.hpp"

namespace host {

enum class LogLevel : int32_t { kDebug, kInfo, kWarning, kError };  // as CONNECTOR_LOG_...
enum class LogFormat { kText, kJson };

// Any thread.
class Log {
 public:
  virtual ~Log() = default;

  // `pipeline` is empty for what concerns the host as a whole. Control characters of `text` are
  // replaced, so that one message is one line, whoever wrote it.
  virtual void write(LogLevel level, std::string_view pipeline, std::string_view text) = 0;

  // Whether lines of this level are written, so that nobody makes texts that are not.
  virtual bool writes(LogLevel level) const { return level >= LogLevel::kInfo; }

  // Whether progress is shown beside the log, which has no need of lines about it then.
  virtual bool shows_progress() const { return false; }

  void debug(std::string_view pipeline, std::string_view text) {
    write(LogLevel::kDebug, pipeline, text);
  }
  void info(std::string_view pipeline, std::string_view text) {
    write(LogLevel::kInfo, pipeline, text);
  }
  void warning(std::string_view pipeline, std::string_view text) {
    write(LogLevel::kWarning, pipeline, text);
  }
  void error(std::string_view pipeline, std::string_view text) {
    write(LogLevel::kError, pipeline, text);
  }
};

// Writes lines from `least` on to `to`, stamped with the clock's wall time and flushed one by one:
//   2024-01-15T00:00:00.000Z info    aikido-activity: first run
//   {"time":"2024-01-15T00:00:00.000Z","level":"info","pipeline":"aikido-activity","text":"..."}
// `clock` and `to` outlive the log.
std::unique_ptr<Log> make_log(Clock& clock, LogLevel least, LogFormat format, std::ostream& to);

}  // namespace host
