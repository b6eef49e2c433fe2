#include "plugins/aikido_activity_log/server_time.hpp"

#include <algorithm>

#include "plugins/aikido_activity_log/checkpoint.hpp"

namespace aikido {
namespace {

constexpr int64_t kKeptNs = 3'600 * kNsPerSecond;
constexpr int64_t kKeptAnswers = 10;

// A Date stands for all of its second.
bool within(int64_t guess_ns, int64_t from_ns) {
  return guess_ns >= from_ns && guess_ns < from_ns + kNsPerSecond;
}
int64_t nearest(int64_t guess_ns, int64_t from_ns) {
  return std::clamp(guess_ns, from_ns, from_ns + kNsPerSecond - 1);
}

}  // namespace

int64_t ServerTime::now_ns() const {
  return known_ ? host_.monotonic_clock() + offset_ns_ : host_.wall_clock();
}

int64_t ServerTime::surely_ns() const {
  return known_ ? host_.monotonic_clock() + least_.front().offset_ns : host_.wall_clock();
}

void ServerTime::learn(int64_t date_s, int64_t least_ns) {
  const int64_t monotonic_ns = host_.monotonic_clock();
  const int64_t from_ns = date_s * kNsPerSecond;
  const int64_t behind_ns = from_ns - host_.wall_clock();
  if (!known_ && behind_ns > 0 && behind_ns < kNsPerDay)
    note(host_.wall_clock() - monotonic_ns, monotonic_ns);
  const bool wall_stands = least_ns > kNever && within(host_.wall_clock(), from_ns);
  const int64_t guess_ns = known_ || wall_stands ? now_ns() : from_ns;
  const int64_t told_ns = known_ ? monotonic_ns + told_offset_ns_ : from_ns;
  note((within(told_ns, from_ns) ? told_ns : from_ns) - monotonic_ns, monotonic_ns);
  offset_ns_ = std::max(nearest(guess_ns, from_ns), least_ns) - monotonic_ns;
  told_offset_ns_ = std::max(nearest(told_ns, from_ns), least_ns) - monotonic_ns;
  known_ = true;
}

void ServerTime::note(int64_t offset_ns, int64_t monotonic_ns) {
  ++answers_;
  while (!least_.empty() && least_.back().offset_ns >= offset_ns) least_.pop_back();
  least_.push_back({monotonic_ns, answers_, offset_ns});
  while (monotonic_ns - least_.front().learnt_ns > kKeptNs &&
         answers_ - least_.front().number >= kKeptAnswers)
    least_.pop_front();
}

}  // namespace aikido
