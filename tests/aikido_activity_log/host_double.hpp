// A host for one instance: its services as the test wants them, and what was asked of them.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "plugin_api/connector_plugin.hpp"

namespace aikido {

constexpr int64_t kNoon = 1'767'268'800;  // 2026-01-01T12:00:00Z
constexpr int64_t kSecondNs = 1'000'000'000;

// One thread, but where `real_time` is set before the first call.
class HostDouble {
 public:
  HostDouble();
  HostDouble(const HostDouble&) = delete;
  HostDouble& operator=(const HostDouble&) = delete;

  connector::Host host() const { return connector::Host(&table_); }
  // All that was logged, counted and named, for a search for what must not be there.
  std::string everything() const;
  // Both clocks.
  void advance(int64_t ns) {
    wall_ns += ns;
    monotonic_ns += ns;
  }

  std::string secret = "AIK_SECRET_test";
  bool has_secret = true;
  std::map<std::string, std::string> properties;
  int64_t wall_ns = kNoon * kSecondNs;
  int64_t monotonic_ns = 3600 * kSecondNs;
  bool real_time = false;  // the clocks go on by themselves from there
  int64_t pace_wait_ns = 0;
  uint64_t random_bits = 0;

  std::vector<std::string> log;
  std::map<std::string, int64_t> counters;  // "name{labels}"
  std::map<std::string, int64_t> gauges;
  std::vector<std::string> slots;            // keys, in the order of taking
  std::map<std::string, int64_t> intervals;  // asked for with each key
  std::vector<int64_t> holds;
  int loans = 0;  // of the secret, not yet given back
  int lent = 0;

 private:
  int64_t elapsed_ns() const;

  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  connector_host table_{};
};

}  // namespace aikido
