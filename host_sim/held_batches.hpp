// What a plugin has handed over and the output has not got yet.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "host_sim/plugin.hpp"

namespace host {

// Batches of one instance, which outlives them. Of those that are held together each but the last
// one has a checkpoint and no wait, so that the last one speaks for all. Not for several threads.
class HeldBatches {
 public:
  bool empty() const { return !last_; }
  int64_t records() const { return records_; }
  const std::string& lines() const { return lines_; }
  // Of one that is not empty.
  const PluginBatch& last() const { return *last_; }
  // Whether another one may join: it is ready, and these are not much yet.
  bool may_grow() const;
  // The pages of all but the last one are let go.
  void hold(PluginBatch batch);
  void clear();

 private:
  static constexpr size_t kMostBytes = 256 << 10;

  int64_t records_ = 0;
  std::string lines_;
  std::optional<PluginBatch> last_;
};

}  // namespace host
