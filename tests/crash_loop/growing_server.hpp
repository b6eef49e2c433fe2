// Records that keep arriving while hosts come and go.
#pragma once

#include <atomic>
#include <thread>

#include "tests/fake_aikido/server.hpp"

namespace crash_loop {

// Adds records to a server's organisation, in both shapes and some of them late, from construction
// to stop().
class GrowingServer {
 public:
  static constexpr int64_t kLatestS = 3;

  GrowingServer(fake_aikido::Server& server, uint64_t seed, int64_t first_number);
  ~GrowingServer();
  GrowingServer(const GrowingServer&) = delete;
  GrowingServer& operator=(const GrowingServer&) = delete;

  // Returns when the last late one has surfaced.
  void stop();

 private:
  void grow(uint64_t seed, int64_t first_number);

  fake_aikido::Server& server_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace crash_loop
