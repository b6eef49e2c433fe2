// When an input gives so much so quickly that a batch may wait for the next one.
#pragma once

#include <cstddef>
#include <cstdint>

namespace host {

// Steps of one pipeline, one after the other. Whoever waits for events of which there are few would
// keep one back with the next wait, so neither a small batch nor a longer step is of a rush.
class Rush {
 public:
  void stepped(size_t records, int64_t took_ns) {
    steps_ = records >= kMany && took_ns < kShortNs ? steps_ + 1 : 0;
  }
  bool goes_on() const { return steps_ >= kSteps; }

 private:
  static constexpr size_t kMany = 25;
  static constexpr int64_t kShortNs = 1'000'000;
  static constexpr int64_t kSteps = 8;  // one after the other

  int64_t steps_ = 0;
};

}  // namespace host
