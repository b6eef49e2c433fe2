// An HTTP proxy on the loopback interface that knows CONNECT alone, and takes every name for a port
// of this machine.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "host_sim/descriptor.hpp"

namespace end_to_end {

// Any thread.
class TunnelProxy {
 public:
  // Every tunnel ends at `port`.
  explicit TunnelProxy(uint16_t port);
  ~TunnelProxy();
  TunnelProxy(const TunnelProxy&) = delete;
  TunnelProxy& operator=(const TunnelProxy&) = delete;

  std::string url() const;
  // Every tunnel is refused from now on, with that status.
  void refuse(int status) { refuses_with_ = status; }
  // The places that were asked for, as "HOST:PORT".
  std::vector<std::string> targets() const;

 private:
  void serve();
  void tunnel(host::Descriptor client);

  const uint16_t to_port_;
  host::Descriptor listener_;
  uint16_t port_ = 0;
  std::atomic<int> refuses_with_ = 0;
  mutable std::mutex mutex_;
  std::vector<std::string> targets_;
  std::vector<std::thread> tunnels_;  // of the serving thread, until it ends
  std::thread serving_;
};

}  // namespace end_to_end
