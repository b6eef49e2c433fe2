// What time it is at the server: the last answer's Date and the host's monotonic clock since;
// before any answer the host's wall clock, which may be wrong by minutes. One thread.
#pragma once

#include <cstdint>

#include "plugins/aikido_activity_log/page.hpp"

namespace aikido {

class ServerTime {
 public:
  explicit ServerTime(connector::Host host) : host_(host) {}

  bool known() const { return known_; }
  int64_t now_ns() const;  // since 1970
  // `date_s` is cut to the second, so within that second the estimate stands and does not run back.
  void learn(int64_t date_s);

 private:
  connector::Host host_;
  bool known_ = false;
  int64_t offset_ns_ = 0;  // server's time less the monotonic clock
};

}  // namespace aikido
