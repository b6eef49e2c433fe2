#include "plugins/aikido_activity_log/backoff.hpp"

#include <algorithm>

namespace aikido {
namespace {

constexpr int64_t kLongestBackoff = 300 * kNsPerSecond;
constexpr int kMostDoublings = 9;

}  // namespace

// The first wait is no shorter than a second.
int64_t Backoff::next_ns() {
  const int64_t whole = std::min(2 * kNsPerSecond << failures_, kLongestBackoff);
  failures_ = std::min(failures_ + 1, kMostDoublings);
  return whole - static_cast<int64_t>(host_.random() % static_cast<uint64_t>(whole / 2 + 1));
}

}  // namespace aikido
