// The live test: does the setup work, and if not, which step fails and what to do. At most one
// request a call, changes nothing. One thread.
#pragma once

#include <cstdint>
#include <optional>

#include "plugins/aikido_activity_log/api.hpp"
#include "plugins/aikido_activity_log/check_steps.hpp"
#include "plugins/aikido_activity_log/server_time.hpp"
#include "plugins/aikido_activity_log/settings.hpp"

namespace aikido {

class Check {
 public:
  // What is passed outlives the object.
  Check(connector::Host host, const Settings& settings, Api& api);

  // The next steps as records; the wait's reason is END once there are no more.
  Result<connector::Batch> next(const connector::Request& request);

 private:
  enum class Phase { kToken, kActivityLog, kFilters, kDone };

  void ask(CheckSteps& steps, const connector::Request& request);
  void ask_token(CheckSteps& steps, int64_t deadline_ns);
  bool show_way(CheckSteps& steps, const Result<void>& taken);
  void ask_activity_log(CheckSteps& steps, int64_t deadline_ns);
  void ask_filters(CheckSteps& steps, int64_t deadline_ns);
  Result<Page> fetch(int64_t deadline_ns, FilterUse filters);
  void fail(CheckSteps& steps, const char* step, const Error& error);
  CauseAndRemedy quota_used_up(const Error& error) const;

  connector::Host host_;
  const Settings& settings_;
  Api& api_;
  ServerTime server_time_;
  Phase phase_ = Phase::kToken;
  bool has_records_ = false;
  std::optional<Error> given_up_;  // the call itself failed: cancelled, or out of time
};

}  // namespace aikido
