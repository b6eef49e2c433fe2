// One instance of the plugin under its own host services, created, called and destroyed as the
// header demands. Calls are serialised by the caller, but for cancel.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "tests/judge/judge_host.hpp"
#include "tests/judge/library.hpp"

namespace judge {

// How a call ended: its status, and what its error said.
struct Outcome {
  int32_t status = CONNECTOR_OK;
  std::string text;
  int64_t wait_ns = 0;

  bool ok() const { return status == CONNECTOR_OK; }
  // "PROTOCOL: what the error says"
  std::string describe() const;
};

std::string status_name(int32_t status);

// What an instance is made with, where it differs from the subject's own.
struct Surroundings {
  std::optional<std::map<std::string, std::string>> secrets = {};
  std::map<std::string, std::string> properties = {};
};

class Instance {
 public:
  // Broken when connector_init fails, or a call keeps a secret beyond its return.
  Instance(const Subject& subject, const Library& library, JudgeClock& clock,
           const Surroundings& surroundings = {});
  ~Instance();
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  Outcome configure(std::string_view settings, std::string_view checkpoint = {});
  // Configures, and is Broken when the plugin refuses.
  void start(const Subject& subject, std::string_view checkpoint = {});
  // `batch` is zeroed first; on success the caller releases it.
  Outcome next_batch(connector_batch& batch);
  // The same with the caller's own error, for the laws that look at its bytes.
  int32_t configure(const connector_configuration& configuration, connector_error* error);
  int32_t next_batch(const connector_request& request, connector_batch* batch,
                     connector_error* error);
  void cancel();

  const Library& library() const { return library_; }
  JudgeHost& host() { return host_; }

 private:
  void expect_no_loans(const char* call) const;

  const Library& library_;
  JudgeHost host_;
  connector_instance* instance_ = nullptr;
};

// A request as a host makes it: small pages, half a minute.
connector_request usual_request(const JudgeClock& clock);

// An error with room for its text.
class RoomyError {
 public:
  RoomyError();
  connector_error* raw() { return &raw_; }
  Outcome outcome(int32_t status) const;

 private:
  std::string buffer_;
  connector_error raw_{};
};

}  // namespace judge
