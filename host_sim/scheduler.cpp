#include "host_sim/scheduler.hpp"

#include <algorithm>
#include <utility>

namespace host {
namespace {

// More than that are idle after a rush alone. What one has kept of the heap goes with it.
constexpr size_t kMostIdle = 8;

}  // namespace

Scheduler::Scheduler(Clock& clock, Options options) : clock_(clock), options_(std::move(options)) {}

Scheduler::~Scheduler() {
  const bool lost = !hanging().empty();
  for (auto& [id, worker] : workers_) lost ? worker.detach() : worker.join();
  if (left_.joinable()) left_.join();
}

void Scheduler::add(Task& task, int64_t due_ns, int64_t others_from_ns) {
  const std::lock_guard lock(mutex_);
  Entry& entry = entries_[&task];
  entry.others_from_ns = others_from_ns;
  requeue(task, entry, due_ns);
}

void Scheduler::requeue(Task& task, Entry& entry, int64_t due_ns) {
  queue_.erase({entry.due_ns, task.name(), &task});
  entry.due_ns = due_ns;
  entry.starves_since_ns = due_ns;
  entry.told_of_starving = false;
  if (due_ns != Task::kWhenWoken) queue_.emplace(due_ns, task.name(), &task);
}

void Scheduler::wake(Task& task) {
  const std::lock_guard lock(mutex_);
  Entry& entry = entries_[&task];
  if (entry.running) return void(entry.woken = true);
  requeue(task, entry, Task::kAtOnce);
  tell_keeper();
}

void Scheduler::run(int64_t grace_ns) {
  if (options_.max_workers <= 1) return work();
  Lock lock(mutex_);
  run_on_threads(lock, grace_ns);
}

void Scheduler::run_on_threads(Lock& lock, int64_t grace_ns) {
  grow();
  ended_.wait(lock, [this] { return stopping_; });
  const int64_t until = clock_.monotonic_ns() + grace_ns;
  while (running_ > 0 && clock_.monotonic_ns() < until) clock_.wait_until(lock, ended_, until);
}

void Scheduler::stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  time_wake_.notify_all();
  idle_wake_.notify_all();
  ended_.notify_all();
}

std::vector<Task*> Scheduler::hanging() {
  const std::lock_guard lock(mutex_);
  std::vector<Task*> tasks;
  for (const auto& [task, entry] : entries_)
    if (entry.running) tasks.push_back(task);
  return tasks;
}

void Scheduler::tell_of_starving(int64_t patience_ns) {
  const std::lock_guard lock(mutex_);
  if (stopping_ || running_ < options_.max_workers) return;
  const int64_t now = clock_.monotonic_ns();
  for (const auto& [due_ns, name, task] : queue_) {
    if (due_ns > now - patience_ns) return;  // and so are all that follow
    Entry& entry = entries_[task];
    if (entry.starves_since_ns == Task::kAtOnce) entry.starves_since_ns = now;
    const int64_t due_for_ns = now - entry.starves_since_ns;
    if (due_for_ns < patience_ns || std::exchange(entry.told_of_starving, true)) continue;
    task->starves(due_for_ns, options_.max_workers);
  }
}

ScheduleDelays Scheduler::delays() {
  const std::lock_guard lock(mutex_);
  return delays_;
}

// One worker, until the end.
void Scheduler::work() {
  Lock lock(mutex_);
  while (!stopping_) {
    if (something_due()) {
      take_turn(lock);
    } else if (!time_is_kept_) {
      keep_time(lock);
    } else if (idle_ >= kMostIdle) {
      return leave(lock);
    } else {
      ++idle_;
      idle_wake_.wait(lock);
      --idle_;
    }
  }
}

// Each that leaves waits for the end of the one before: none is left but the last.
void Scheduler::leave(Lock& lock) {
  std::thread before =
      std::exchange(left_, std::move(workers_.extract(std::this_thread::get_id()).mapped()));
  lock.unlock();
  if (before.joinable()) before.join();
}

int64_t Scheduler::next_due_ns() const {
  return queue_.empty() ? Task::kWhenWoken : std::get<0>(*queue_.begin());
}

bool Scheduler::something_due() const { return next_due_ns() <= clock_.monotonic_ns(); }

void Scheduler::keep_time(Lock& lock) {
  time_is_kept_ = true;
  kept_until_ns_ = next_due_ns();
  clock_.wait_until(lock, time_wake_, kept_until_ns_);
  time_is_kept_ = false;
}

// A worker that takes what it has just requeued wakes nobody.
void Scheduler::tell_keeper() {
  if (time_is_kept_ && next_due_ns() < kept_until_ns_) time_wake_.notify_one();
}

void Scheduler::take_turn(Lock& lock) {
  Task& task = *std::get<2>(*queue_.begin());
  queue_.erase(queue_.begin());
  Entry& entry = entries_[&task];
  if (entry.due_ns != Task::kAtOnce) delays_.add(clock_.monotonic_ns() - entry.due_ns);
  entry.due_ns = Task::kWhenWoken;
  entry.running = true;
  ++running_;
  const WorkInFlight in_flight(clock_);
  time_is_kept_ ? tell_keeper() : grow();
  lock.unlock();
  const int64_t due = task.step();
  lock.lock();
  entry.running = false;
  --running_;
  requeue(task, entry, entry.woken ? Task::kAtOnce : std::max(due, entry.others_from_ns));
  entry.woken = false;
  if (!something_due()) tell_keeper();
  if (stopping_) ended_.notify_all();
}

// Somebody has to watch the queue while this worker is away.
void Scheduler::grow() {
  if (idle_ > 0) return idle_wake_.notify_one();
  if (options_.max_workers <= 1 || stopping_) return;
  if (workers_.size() < options_.max_workers) {
    std::thread worker([this] { work(); });
    const std::thread::id id = worker.get_id();
    workers_.emplace(id, std::move(worker));
  } else if (!exhausted_ && something_due()) {
    exhausted_ = true;
    if (options_.on_exhausted) options_.on_exhausted();
  }
}

}  // namespace host
