// When each pipeline has its turn, and on which thread.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "host_sim/clock.hpp"
#include "host_sim/schedule_delays.hpp"

namespace host {

// What has turns. Its turns never overlap, and may be on different threads.
class Task {
 public:
  static constexpr int64_t kAtOnce = INT64_MIN;
  static constexpr int64_t kWhenWoken = INT64_MAX;

  virtual ~Task() = default;
  virtual const std::string& name() const = 0;
  // One turn; the result is when the next one is due, on the monotonic clock.
  virtual int64_t step() = 0;
  // Its turn is due since `due_for_ns`, and all `workers` are inside a task. Neither waits for
  // anything nor calls the scheduler, for no turn begins meanwhile. Any thread.
  virtual void starves(int64_t /*due_for_ns*/, size_t /*workers*/) {}
};

// A queue of due times, ties by name. One idle worker keeps the time; whenever the last idle one
// gets work another is started, up to a cap, so that tasks that hang delay no other; all but a few
// idle ones end. Any thread.
class Scheduler {
 public:
  struct Options {
    size_t max_workers = 1;  // 1: no threads at all, everything runs inside `run`
    // Called once, when something is due and all of max_workers are inside a task.
    std::function<void()> on_exhausted = {};
  };
  Scheduler(Clock& clock, Options options);
  // `run` has returned.
  ~Scheduler();

  // Before `run`. Tasks outlive the scheduler. The turns behind the first are due at
  // `others_from_ns` or later, but for those that it is woken for.
  void add(Task& task, int64_t due_ns, int64_t others_from_ns = Task::kAtOnce);
  // A task that has its turn just now gets another directly after it.
  void wake(Task& task);

  // Blocks until `stop`, and then until every turn has ended or `grace_ns` have passed.
  void run(int64_t grace_ns);
  void stop();
  // After `run`: the tasks whose turn has not ended; their threads are lost to the process.
  std::vector<Task*> hanging();
  // While all workers are inside a task: tells each other one, once until its turn, that has been
  // due for `patience_ns` or longer.
  void tell_of_starving(int64_t patience_ns);
  // Of the turns that had a time; one that was woken has none.
  ScheduleDelays delays();

 private:
  struct Entry {
    int64_t due_ns = Task::kWhenWoken;
    int64_t others_from_ns = Task::kAtOnce;
    int64_t starves_since_ns = Task::kWhenWoken;  // the same; where it is kAtOnce, the first look
    bool told_of_starving = false;
    bool running = false;
    bool woken = false;
  };
  using Lock = std::unique_lock<std::mutex>;

  void work();
  void leave(Lock& lock);
  int64_t next_due_ns() const;
  bool something_due() const;
  void take_turn(Lock& lock);
  void keep_time(Lock& lock);
  void tell_keeper();
  void grow();
  void run_on_threads(Lock& lock, int64_t grace_ns);
  void requeue(Task& task, Entry& entry, int64_t due_ns);

  Clock& clock_;
  const Options options_;
  std::mutex mutex_;
  std::condition_variable time_wake_;  // the worker that keeps the time
  std::condition_variable idle_wake_;  // the other idle ones
  std::condition_variable ended_;
  std::map<Task*, Entry> entries_;
  std::set<std::tuple<int64_t, std::string, Task*>> queue_;
  std::map<std::thread::id, std::thread> workers_;
  std::thread left_;  // the last that did
  ScheduleDelays delays_;
  size_t idle_ = 0;
  size_t running_ = 0;
  bool time_is_kept_ = false;
  int64_t kept_until_ns_ = Task::kWhenWoken;
  bool stopping_ = false;
  bool exhausted_ = false;
};

}  // namespace host
