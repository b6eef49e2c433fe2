// What follows a failure: the error's class decided into one action. Knows neither clock nor
// plugin.
#pragma once

#include <cstdint>

#include "plugin_api/connector_plugin.hpp"

namespace host {

constexpr int64_t kProbeInterval = int64_t{15} * 60 * 1'000'000'000;

enum class Remedy {
  kRetry,        // the same instance, after the wait
  kNewInstance,  // from the last commit, after the wait
  kStop,         // tell, and probe again after the wait
  kGiveUp,       // of a run that is to end: this pipeline failed
};

struct Decision {
  Remedy remedy = Remedy::kRetry;
  int64_t wait_ns = 0;
};

// One pipeline's memory of its failures. One thread at a time.
class RetryPolicy {
 public:
  // `once`: the run is to end, so what would stop the pipeline, and five failures in a row, end it.
  explicit RetryPolicy(bool once) : once_(once) {}

  // `secret_rotated`: since the failed call took it, so an AUTH error deserves one more try.
  Decision failed(const connector::Error& error, bool secret_rotated);
  // The output or a commit failed: the instance is behind what was kept.
  Decision failed_to_keep();
  // Records, a checkpoint or being caught up: whatever was wrong with the plugin is over.
  void progressed();
  // A commit succeeded: whatever was wrong with output or state is over.
  void kept() { unkept_in_a_row_ = 0; }

 private:
  Decision after(Remedy remedy, int64_t wanted_ns);
  int64_t back_off() const;

  const bool once_;
  int in_a_row_ = 0;  // of the plugin
  int unkept_in_a_row_ = 0;
  int protocol_in_a_row_ = 0;
  bool asked_again_ = false;
};

}  // namespace host
