// The clocks of a modelled world, right or wrong, and what the input makes of them.
#pragma once

#include <cstdint>
#include <optional>
#include <random>

#include "plugins/aikido_activity_log/server_time.hpp"
#include "tests/aikido_activity_log/host_double.hpp"

namespace aikido::model {

struct ClockErrors {
  int64_t wall_ns = 0;      // of the host against the server
  double drift = 0;         // of the host's monotonic clock: how much faster it runs
  bool dates = true;        // answers carry their time
  double wrong_dates = 0;   // how often it is wrong, by up to
  int64_t wrong_by_ns = 0;  // ahead or behind
};

// One thread. All times but those of the input's sense are the server's true ones.
class Clocks {
 public:
  explicit Clocks(const ClockErrors& errors) : errors_(errors) { restart(); }

  // A new instance knows no time, yet the host's clocks go on.
  void restart() { sense_.emplace(host_.host()); }
  // From now on every date is right.
  void calm_down() { errors_.wrong_dates = 0; }

  // The Date of an answer that was made at `made_ns`, in Unix seconds.
  std::optional<int64_t> date_s(int64_t made_ns, std::mt19937_64& random) const {
    if (!errors_.dates) return std::nullopt;
    int64_t error_ns = 0;
    if (std::bernoulli_distribution(errors_.wrong_dates)(random))
      error_ns =
          std::uniform_int_distribution<int64_t>(-errors_.wrong_by_ns, errors_.wrong_by_ns)(random);
    return (made_ns + error_ns) / kNsPerSecond;
  }
  void learn(std::optional<int64_t> date_s, int64_t now_ns, int64_t vouched_ns) {
    go_to(now_ns);
    if (date_s) sense_->learn(*date_s, vouched_ns);
  }

  int64_t input_ns(int64_t now_ns) { return go_to(now_ns).now_ns(); }
  int64_t surely_ns(int64_t now_ns) { return go_to(now_ns).surely_ns(); }

 private:
  const ServerTime& go_to(int64_t now_ns) {
    if (begin_ns_ == 0) begin_ns_ = now_ns;
    host_.wall_ns = now_ns + errors_.wall_ns;
    host_.monotonic_ns =
        static_cast<int64_t>(static_cast<double>(now_ns - begin_ns_) * (1 + errors_.drift));
    return *sense_;
  }

  ClockErrors errors_;
  int64_t begin_ns_ = 0;
  HostDouble host_;
  std::optional<ServerTime> sense_;
};

}  // namespace aikido::model
