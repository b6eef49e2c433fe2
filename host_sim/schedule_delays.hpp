// How late turns begin, in the buckets of a Prometheus histogram.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace host {

struct ScheduleDelays {
  // Upper bounds, inclusive, in nanoseconds. What is beyond the last one is in the last bucket.
  static constexpr std::array<int64_t, 11> kBounds = {
      1'000'000,   2'500'000,   5'000'000,     10'000'000,    25'000'000,    50'000'000,
      100'000'000, 250'000'000, 1'000'000'000, 5'000'000'000, 60'000'000'000};

  std::array<int64_t, kBounds.size() + 1> counts = {};  // of each bucket alone
  int64_t sum_ns = 0;

  void add(int64_t delay_ns) {
    const auto bound = std::lower_bound(kBounds.begin(), kBounds.end(), delay_ns);
    ++counts[static_cast<size_t>(bound - kBounds.begin())];
    sum_ns += delay_ns;
  }
};

}  // namespace host
