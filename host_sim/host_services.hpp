// What one plugin instance may ask of the host: the table of functions that crosses the border.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <string_view>

#include "host_sim/clock.hpp"
#include "host_sim/log.hpp"
#include "host_sim/metrics.hpp"
#include "host_sim/pace.hpp"
#include "host_sim/repeated_messages.hpp"
#include "host_sim/scrubber.hpp"
#include "host_sim/secrets.hpp"

namespace host {

// What all instances of a host share. Any thread.
struct SharedServices {
  Clock& clock;
  Log& log;
  Pace& pace;
  Metrics& metrics;
  Scrubber& scrubber;
  const std::map<std::string, std::string>& properties;
  std::optional<uint64_t> seed;  // of the randomness; none: the operating system's
};

// The services of one pipeline, for one instance after another. Outlives them. Any thread.
class HostServices {
 public:
  HostServices(std::string pipeline, SharedServices shared, Secrets& secrets);
  HostServices(const HostServices&) = delete;
  HostServices& operator=(const HostServices&) = delete;

  const connector_host& table() const { return table_; }
  // A secret that was lent has another generation now, or can be had again. One that cannot be had
  // is told of once.
  bool secrets_rotated();

 private:
  void write_line(int32_t level, std::string_view line);
  void tell(LogLevel level, const std::string& text);
  int32_t lend(const std::string& name, connector_secret* secret);
  bool is_rotated(const std::string& name, uint64_t generation);
  void fill_random(unsigned char* bytes, size_t size);
  void record(int32_t kind, std::string_view name, std::string_view labels, int64_t value);
  std::string_view property(std::string_view name) const;

  const std::string pipeline_;
  const SharedServices shared_;
  Secrets& secrets_;
  connector_host table_{};
  std::mutex mutex_;
  std::map<std::string, uint64_t> lent_;        // generation by name
  std::map<std::string, std::string> refused_;  // by name: why it cannot be had, as was told
  RepeatedMessages repeated_;
  std::mt19937_64 seeded_;
};

}  // namespace host
