#include "host_sim/pace.hpp"

#include <algorithm>

namespace host {
namespace {

// A wall clock that was set back must not stop collection for longer.
constexpr int64_t kLongestCarriedOver = int64_t{3600} * 1'000'000'000;
// Among the slots it stands for the keys that are not known.
constexpr const char* kAnyKey = "";
constexpr int64_t kLongestInterval = int64_t{24} * kLongestCarriedOver;

}  // namespace

Pace::Pace(Clock& clock, bool careful, const Slots& next_slots)
    : clock_(clock), started_ns_(clock.monotonic_ns()) {
  const int64_t wall = clock.wall_ns();
  for (const auto& [key, next] : next_slots) {
    const int64_t wait = next <= wall ? 0 : std::min(next - wall, kLongestCarriedOver);
    (key == kAnyKey ? careful_until_ns_ : keys_[key].next_ns) = started_ns_ + wait;
  }
  if (careful) careful_until_ns_ = started_ns_ + kLongestCarriedOver;
}

Pace::Key& Pace::key_of(const std::string& name, int64_t interval_ns) {
  Key& key = keys_[name];
  const bool careful = started_ns_ < careful_until_ns_;
  if (careful && !key.asked_for) key.next_ns = std::max(key.next_ns, started_ns_ + interval_ns);
  key.asked_for = true;
  return key;
}

// A place in the queue lasts a little beyond its time, or one that never comes would block the
// rest.
void Pace::forget_absent(Key& key, int64_t now, int64_t interval_ns) {
  const int64_t grace = interval_ns / 2;
  std::erase_if(key.queue,
                [&](const Waiting& waiting) { return waiting.expected_ns < now - grace; });
}

int64_t Pace::wait_in_queue(Key& key, int64_t now, int64_t interval_ns, const std::string& who) {
  auto mine = std::find_if(key.queue.begin(), key.queue.end(),
                           [&](const Waiting& waiting) { return waiting.who == who; });
  if (mine == key.queue.end()) mine = key.queue.insert(mine, {who, 0});
  mine->expected_ns = std::max(key.next_ns, now) + (mine - key.queue.begin()) * interval_ns;
  return mine->expected_ns - now;
}

int64_t Pace::acquire(const std::string& key, int64_t interval_ns, const std::string& who) {
  const std::lock_guard lock(mutex_);
  interval_ns = std::clamp<int64_t>(interval_ns, 0, kLongestInterval);
  longest_interval_ns_ = std::max(longest_interval_ns_, interval_ns);
  Key& slots = key_of(key, interval_ns);
  const int64_t now = clock_.monotonic_ns();
  forget_absent(slots, now, interval_ns);
  const bool my_turn = slots.queue.empty() || slots.queue.front().who == who;
  if (now >= slots.next_ns && my_turn) {
    if (!slots.queue.empty()) slots.queue.pop_front();
    slots.next_ns = now + interval_ns;
    used_ = true;
    return 0;
  }
  // At the very moment of somebody else's turn the wait must still be one.
  return std::max<int64_t>(wait_in_queue(slots, now, interval_ns, who), 1);
}

void Pace::hold(const std::string& key, int64_t duration_ns) {
  put_off(key, duration_ns);
  if (keep_) keep_(next_slots());
}

void Pace::put_off(const std::string& key, int64_t duration_ns) {
  const std::lock_guard lock(mutex_);
  Key& slots = keys_[key];
  const int64_t before = slots.next_ns;
  used_ = true;
  const int64_t duration = std::clamp<int64_t>(duration_ns, 0, kLongestInterval);
  slots.next_ns = std::max(before, clock_.monotonic_ns() + duration);
  if (before == INT64_MIN) return;
  for (Waiting& waiting : slots.queue) waiting.expected_ns += slots.next_ns - before;
}

int64_t Pace::longest_interval_ns() {
  const std::lock_guard lock(mutex_);
  return longest_interval_ns_;
}

bool Pace::was_used() {
  const std::lock_guard lock(mutex_);
  return used_;
}

void Pace::leave(const std::string& who) {
  const std::lock_guard lock(mutex_);
  for (auto& [name, key] : keys_)
    std::erase_if(key.queue, [&](const Waiting& waiting) { return waiting.who == who; });
}

Pace::Slots Pace::next_slots() {
  const std::lock_guard lock(mutex_);
  const int64_t now = clock_.monotonic_ns();
  const int64_t wall = clock_.wall_ns();
  Slots next;
  if (careful_until_ns_ > now) next.emplace(kAnyKey, wall + (careful_until_ns_ - now));
  for (const auto& [name, key] : keys_)
    if (key.next_ns > now) next.emplace(name, wall + (key.next_ns - now));
  return next;
}

}  // namespace host
