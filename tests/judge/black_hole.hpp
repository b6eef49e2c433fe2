// A proxy on loopback that takes every connection and never answers: whatever a plugin does on the
// network, it hangs there until it is cancelled.
#pragma once

#include <string>

namespace judge {

class BlackHole {
 public:
  BlackHole();
  ~BlackHole();
  BlackHole(const BlackHole&) = delete;
  BlackHole& operator=(const BlackHole&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  // Takes one connection. False when none came within the time.
  bool swallow(int limit_ms);

 private:
  int listener_;
  int port_ = 0;
};

// The URL of a port of this machine on which nobody listens.
std::string dead_url();

}  // namespace judge
