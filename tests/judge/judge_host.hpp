// The judge's own host services: honest, but for a clock that is stepped instead of waited for.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include "plugin_api/connector_plugin.h"

namespace judge {

// Runs with the system's, and jumps over every wait. Any thread.
class JudgeClock {
 public:
  int64_t wall_ns() const;
  int64_t monotonic_ns() const;
  void skip(int64_t ns) { skipped_ += ns; }

 private:
  std::atomic<int64_t> skipped_ = 0;
};

// The services of one instance. Any thread.
class JudgeHost {
 public:
  // `properties` beside run_once and user_agent, which are always there.
  JudgeHost(JudgeClock& clock, std::map<std::string, std::string> secrets,
            std::map<std::string, std::string> properties, uint64_t seed);
  JudgeHost(const JudgeHost&) = delete;
  JudgeHost& operator=(const JudgeHost&) = delete;

  const connector_host* table() const { return &table_; }
  JudgeClock& clock() { return clock_; }
  // Secrets that were acquired and not yet released.
  int loans() const { return loans_; }
  // Every line logged and every metric's name and labels, for the search for secrets.
  std::vector<std::string> said() const;

 private:
  static JudgeHost& of(void* context);
  void offer_time();
  void offer_secrets();
  void offer_records_of_what_was_said();
  void say(std::string line);
  int32_t lend(std::string_view name, connector_secret* secret);
  int64_t acquire_slot(const std::string& key, int64_t interval_ns);
  void hold(const std::string& key, int64_t duration_ns);
  void fill_random(void* bytes, size_t size);

  JudgeClock& clock_;
  const std::map<std::string, std::string> secrets_;
  std::map<std::string, std::string> properties_;
  connector_host table_{};
  std::atomic<int> loans_ = 0;
  mutable std::mutex mutex_;
  std::mt19937_64 random_;
  std::vector<std::string> said_;
  std::map<std::string, int64_t> next_slot_;
};

}  // namespace judge
