#include "plugins/aikido_activity_log/request_log.hpp"

#include "plugins/aikido_activity_log/record_time.hpp"

namespace aikido {
namespace {

constexpr int64_t kNsPerMs = 1'000'000;

std::string asked_for(const PageRequest& asked) {
  return std::string(name_of(asked.kind)) + ", " + time_text(asked.start_s * kNsPerSecond) +
         " to " + time_text(asked.end_s * kNsPerSecond) + ", page " + std::to_string(asked.page) +
         (asked.looks_ahead ? " (whether the window is too wide): " : ": ");
}

std::string counted(size_t count, const char* noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

const char* because_of(int32_t reason) {
  switch (reason) {
    case CONNECTOR_WAIT_IDLE:
      return "idle";
    case CONNECTOR_WAIT_RATE_LIMIT:
      return "for the pace";
    default:
      return "after a failure";
  }
}

}  // namespace

RequestLog::RequestLog(connector::Host host)
    : host_(host), is_read_(host.property("log_level") == "debug") {}

void RequestLog::token(const Error* error) const {
  if (is_read_) tell("token: " + (error ? error->text : "taken"));
}

void RequestLog::page(const PageRequest& asked, const Page& page, const Accepted& accepted) const {
  if (!is_read_) return;
  tell(asked_for(asked) + counted(page.records.size(), "record") + ", " +
       std::to_string(accepted.deliver.size()) + " new" +
       (accepted.ends_sweep ? "; the sweep is complete" : ""));
}

void RequestLog::failed(const PageRequest& asked, const Error& error) const {
  if (is_read_) tell(asked_for(asked) + error.text);
}

void RequestLog::waits(const connector::Wait& wait) const {
  if (!is_read_ || wait.reason == CONNECTOR_WAIT_NONE) return;
  tell("waits " + std::to_string(wait.ns / kNsPerMs) + " ms: " + because_of(wait.reason));
}

}  // namespace aikido
