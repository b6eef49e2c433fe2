// The stand-in without its sockets: a request in, the answer and its way of delivery out.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "tests/fake_aikido/clock.hpp"
#include "tests/fake_aikido/credentials.hpp"
#include "tests/fake_aikido/faults.hpp"
#include "tests/fake_aikido/http.hpp"
#include "tests/fake_aikido/organisation.hpp"
#include "tests/fake_aikido/quota.hpp"
#include "tests/fake_aikido/request_log.hpp"
#include "tests/fake_aikido/switches.hpp"

namespace fake_aikido {

// Any thread.
class Service {
 public:
  // `clock` outlives the service.
  Service(std::shared_ptr<Organisation> organisation, Switches switches, Clock& clock,
          bool with_control);

  Answer answer(const HttpRequest& request);
  // On the stand-in's own clock, which may be set apart from the true time.
  int64_t now_ns() const;

  Organisation& organisation() { return *organisation_; }
  Credentials& credentials() { return credentials_; }
  Faults& faults() { return faults_; }
  RequestLog& log() { return log_; }
  Switches switches() const;
  void change(const std::function<void(Switches&)>& how);

 private:
  struct Proper {
    Answer answer;
    size_t records = 0;
  };
  Proper proper(const HttpRequest& request, const Asked& asked, const Switches& switches);
  Proper page(const HttpRequest& request, const Asked& asked, const Switches& switches);
  Answer control(const HttpRequest& request, const Asked& asked);
  std::string client_of(const HttpRequest& request, const Asked& asked, int64_t now_ns) const;

  const std::shared_ptr<Organisation> organisation_;
  Clock& clock_;
  const bool with_control_;
  Credentials credentials_;
  Faults faults_;
  RequestLog log_;
  Quota quota_;
  mutable std::mutex mutex_;
  Switches switches_;
  uint64_t asked_ = 0;
};

}  // namespace fake_aikido
