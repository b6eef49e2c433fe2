#include "host_sim/log.hpp"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/ostream_sink.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "host_sim/plain_text.hpp"

namespace host {
namespace {

spdlog::level::level_enum level_of(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
  }
  return spdlog::level::err;  // a plugin's number may be any
}

std::string text_line(std::string_view pipeline, std::string_view text) {
  std::string line = one_line(pipeline);
  if (!line.empty()) line += ": ";
  return line + one_line(text);
}

// The members of a JSON object that follow its time and level.
std::string json_members(std::string_view pipeline, std::string_view text) {
  nlohmann::ordered_json members;
  if (!pipeline.empty()) members["pipeline"] = one_line(pipeline);
  members["text"] = one_line(text);
  return members.dump().substr(1);
}

class SpdLog final : public Log {
 public:
  SpdLog(Clock& clock, LogLevel least, LogFormat format, std::ostream& to)
      : clock_(clock),
        format_(format),
        logger_("host", std::make_shared<spdlog::sinks::ostream_sink_mt>(to, true)) {
    logger_.set_level(level_of(least));
    logger_.set_formatter(std::make_unique<spdlog::pattern_formatter>(
        format == LogFormat::kJson ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v)"
                                   : "%Y-%m-%dT%H:%M:%S.%eZ %-7l %v",
        spdlog::pattern_time_type::utc));
  }

  bool writes(LogLevel level) const override { return logger_.should_log(level_of(level)); }

  void write(LogLevel level, std::string_view pipeline, std::string_view text) override {
    if (!writes(level)) return;
    const std::string line =
        format_ == LogFormat::kJson ? json_members(pipeline, text) : text_line(pipeline, text);
    const std::chrono::system_clock::time_point now{std::chrono::nanoseconds(clock_.wall_ns())};
    logger_.log(now, spdlog::source_loc{}, level_of(level), line);
  }

 private:
  Clock& clock_;
  const LogFormat format_;
  spdlog::logger logger_;
};

}  // namespace

std::unique_ptr<Log> make_log(Clock& clock, LogLevel least, LogFormat format, std::ostream& to) {
  return std::make_unique<SpdLog>(clock, least, format, to);
}

}  // namespace host
