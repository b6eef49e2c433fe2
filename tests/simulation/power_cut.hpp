// What a crash leaves: of the state and the output all that was synced, and a part of the rest.
#pragma once

#include <cstdint>
#include <filesystem>

namespace simulation {

// One thread.
class PowerCut {
 public:
  explicit PowerCut(std::filesystem::path state) : state_(std::move(state)) {}

  // At the crash: a database is not closed by it, as it is by all that unwinds behind this call.
  void keep_state();
  // Once nothing uses it any more. `survives`: how much of what the disk was not asked to keep.
  void put_state_back(double survives) const;

 private:
  std::filesystem::path state_;
  int64_t durable_log_bytes_ = 0;
};

// Cuts what stands behind the byte `durable` of a file down to this part of it; false when there is
// nothing.
bool lose_tail(const std::filesystem::path& file, int64_t durable, double survives);

int64_t size_of(const std::filesystem::path& file);

}  // namespace simulation
