#include "tests/support/simulated_clock.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace test_support {
namespace {

using fake_aikido::kNever;

// Not zero, so that nobody takes "unset" for a moment; not the wall's, so that nobody mixes them
// up.
constexpr int64_t kMonotonicStart = fake_aikido::kHour;
constexpr int64_t kLongestStep = fake_aikido::kSecond;
// A waiter that cannot move time looks again after so long, in case a notification passed it by.
constexpr std::chrono::milliseconds kLookAgain(10);

}  // namespace

SimulatedClock::SimulatedClock(int64_t start_ns) : start_ns_(start_ns), now_ns_(start_ns) {}

int64_t SimulatedClock::now_ns() {
  const Lock own(mutex_);
  return now_ns_;
}

int64_t SimulatedClock::wall_ns() {
  const Lock own(mutex_);
  return now_ns_ + wall_jump_ns_;
}

int64_t SimulatedClock::monotonic_ns() {
  Lock own(mutex_);
  if (called_from_work() && !stands() && awaited() == in_flight_)
    move_to(std::min({now_ns_ + kLongestStep, next_event(), next_due()}), own, nullptr);
  return now_ns_ - start_ns_ + kMonotonicStart;
}

void SimulatedClock::wait_until(Lock& lock, std::condition_variable& wake, int64_t due_ns) {
  Lock own(mutex_);
  Waiter self{wake, true_time(due_ns)};
  if (self.due_ns <= now_ns_) return;
  waiters_.push_back(&self);
  const int64_t target = std::min(next_due(), next_event());
  if (in_flight_ == 0 && !stands() && target != kNever) {
    move_to(target, own, &lock);
  } else {
    own.unlock();
    wake.wait_for(lock, kLookAgain);
    own.lock();
  }
  waiters_.erase(std::find(waiters_.begin(), waiters_.end(), &self));
}

void SimulatedClock::work_begins() {
  const Lock own(mutex_);
  ++in_flight_;
  workers_.insert(std::this_thread::get_id());
}

void SimulatedClock::work_ends() {
  const Lock own(mutex_);
  const auto worker = workers_.find(std::this_thread::get_id());
  if (worker != workers_.end()) workers_.erase(worker);
  if (--in_flight_ > 0) return;
  workers_.clear();
  // Whoever asked has stopped waiting, even if the stand-in has not noticed yet.
  for (auto& [id, parked] : parks_) parked.awaited = false;
  for (Waiter* waiter : waiters_) waiter->wake.notify_all();
}

uint64_t SimulatedClock::park(fake_aikido::Park park) {
  const Lock own(mutex_);
  const uint64_t id = next_id_++;
  parks_.emplace(id, Parked{park.until_ns, std::move(park.abandoned), in_flight_ > 0});
  if (park.until_ns != kNever)
    events_.emplace(park.until_ns, Event{id, std::move(park.release), true});
  return id;
}

void SimulatedClock::unpark(uint64_t id) {
  const Lock own(mutex_);
  const auto parked = parks_.find(id);
  if (parked == parks_.end()) return;
  const auto [first, last] = events_.equal_range(parked->second.until_ns);
  const auto event =
      std::find_if(first, last, [id](const auto& entry) { return entry.second.id == id; });
  if (event != last) events_.erase(event);
  parks_.erase(parked);
}

void SimulatedClock::at(int64_t time_ns, std::function<void()> event) {
  const Lock own(mutex_);
  insert(time_ns, Event{next_id_++, std::move(event)});
}

void SimulatedClock::after(int64_t span_ns, std::function<void()> event) {
  const Lock own(mutex_);
  insert(now_ns_ + span_ns, Event{next_id_++, std::move(event)});
}

void SimulatedClock::insert(int64_t time_ns, Event event) {
  events_.emplace(std::max(time_ns, now_ns_), std::move(event));
}

void SimulatedClock::advance(int64_t span_ns) {
  Lock own(mutex_);
  const int64_t target = now_ns_ + span_ns;
  do move_to(std::min(target, next_event()), own, nullptr);
  while (now_ns_ < target || next_event() <= target);
}

void SimulatedClock::jump_wall(int64_t delta_ns) {
  const Lock own(mutex_);
  wall_jump_ns_ += delta_ns;
}

size_t SimulatedClock::in_flight() {
  const Lock own(mutex_);
  return in_flight_;
}

size_t SimulatedClock::parked() {
  const Lock own(mutex_);
  return awaited();
}

int64_t SimulatedClock::true_time(int64_t monotonic_ns) const {
  const int64_t offset = start_ns_ - kMonotonicStart;
  if (offset > 0 && monotonic_ns > kNever - offset) return kNever;
  return monotonic_ns == kNever ? kNever : monotonic_ns + offset;
}

int64_t SimulatedClock::next_event() const {
  return events_.empty() ? kNever : events_.begin()->first;
}

int64_t SimulatedClock::next_due() const {
  int64_t due = kNever;
  for (const Waiter* waiter : waiters_) due = std::min(due, waiter->due_ns);
  return due;
}

// While an event runs, or a waiter whose time has come has not woken yet.
bool SimulatedClock::stands() const { return running_event_ || next_due() <= now_ns_; }

bool SimulatedClock::called_from_work() const {
  return in_flight_ > 0 && workers_.contains(std::this_thread::get_id());
}

size_t SimulatedClock::awaited() {
  size_t count = 0;
  for (auto& [id, parked] : parks_) {
    if (parked.awaited && parked.abandoned && parked.abandoned()) parked.awaited = false;
    count += parked.awaited;
  }
  return count;
}

void SimulatedClock::move_to(int64_t time_ns, Lock& own, Lock* foreign) {
  now_ns_ = std::max(now_ns_, time_ns);
  for (Waiter* waiter : waiters_)
    if (waiter->due_ns <= now_ns_) waiter->wake.notify_all();
  while (next_event() <= now_ns_) {
    Event event = std::move(events_.begin()->second);
    events_.erase(events_.begin());
    run(std::move(event), own, foreign);
  }
}

void SimulatedClock::run(Event event, Lock& own, Lock* foreign) {
  if (event.is_release) {
    parks_.erase(event.id);
    event.run();
    return;
  }
  running_event_ = true;
  own.unlock();
  if (foreign) foreign->unlock();
  event.run();
  if (foreign) foreign->lock();
  own.lock();
  running_event_ = false;
}

}  // namespace test_support
