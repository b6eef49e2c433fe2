// How wide the windows are in which a long span of the past is read: some two hundred pages each,
// so that little is re-read after a move, little is remembered, and few requests go to their ends.
#pragma once

#include <algorithm>
#include <cstdint>

namespace aikido {

constexpr int64_t kPagesPerWindow = 200;
constexpr int64_t kMostWidth = 1'000'000'000;  // seconds, some thirty years
constexpr int64_t kFirstBackfillWidth = 86'400;
constexpr int64_t kFirstLateWidth = 3'600;
// Ids are remembered this much below the first second that a sweep owns: the second before, which
// it asks for as well, and two more.
constexpr int64_t kPadS = 3;

struct Window {
  int64_t from_s = 0;  // owned: [from_s, to_s)
  int64_t to_s = 0;
};

inline Window window_at(int64_t from_s, int64_t width_s, int64_t limit_s) {
  return {from_s, std::min(from_s + width_s, limit_s)};
}

// The width after a window of `width_s` took `pages`: at most a quarter less or eight times more.
inline int64_t next_width(int64_t width_s, int64_t pages) {
  const int64_t wanted = width_s * kPagesPerWindow / std::max<int64_t>(1, pages);
  return std::clamp<int64_t>(std::clamp(wanted, width_s / 4, width_s * 8), 1, kMostWidth);
}

}  // namespace aikido
