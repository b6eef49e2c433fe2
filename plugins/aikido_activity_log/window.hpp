// How wide the windows are in which a long span of the past is read: some two hundred pages each,
// or fewer where ids are long, so that little is re-read after a move, little is remembered, and
// few requests go to their ends. What one holds cannot be told from the one before: a window that
// has grown may reach into a crowd. So after its second page it is asked for a far one, once. Where
// that is there, the window is given up for a quarter of it, and the one that follows is no wider.
#pragma once

#include <algorithm>
#include <cstdint>

namespace aikido {

constexpr int64_t kPagesPerWindow = 200;
constexpr int64_t kHardlyAny = 2;                 // pages, of which the last one may be empty
constexpr int64_t kWindowBytes = 256 << 10;       // of ids, in their persisted form
constexpr int64_t kMostWidth = 1'000'000'000;     // seconds, some thirty years
constexpr int64_t kMostPages = int64_t{1} << 31;  // of a list, whatever a checkpoint says
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

// The width after a window of `width_s`, whose records lie in `filled_s` of it, took `pages` and
// `bytes` of ids: at most a quarter less or eight times more.
inline int64_t next_width(int64_t width_s, int64_t filled_s, int64_t pages, int64_t bytes) {
  const int64_t full = std::max(pages, bytes * kPagesPerWindow / kWindowBytes);
  const int64_t wanted = filled_s * kPagesPerWindow / std::max<int64_t>(1, full);
  return std::clamp<int64_t>(std::clamp(wanted, width_s / 4, width_s * 8), 1, kMostWidth);
}

// With so many bytes of ids it was too wide.
constexpr bool too_many_bytes(int64_t grown) { return grown > 3 * kWindowBytes; }

// A window that has this page is too wide by far; `bytes` of ids were in its first `pages`.
constexpr int64_t far_page(int64_t pages, int64_t bytes) {
  const int64_t by_bytes = 2 * kWindowBytes * pages / std::max<int64_t>(bytes, 1);
  return std::clamp(by_bytes, kHardlyAny, 2 * kPagesPerWindow);
}

}  // namespace aikido
