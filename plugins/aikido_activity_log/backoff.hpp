// How long to wait after failures in a row: 1 s doubling to 5 minutes, of which a random half is
// taken off, so that instances which failed together do not return together. One thread.
#pragma once

#include <cstdint>

#include "plugins/aikido_activity_log/page.hpp"

namespace aikido {

class Backoff {
 public:
  explicit Backoff(connector::Host host) : host_(host) {}

  int64_t next_ns();
  void reset() { failures_ = 0; }

 private:
  connector::Host host_;
  int failures_ = 0;
};

}  // namespace aikido
