// Simulated time for a real host, a real plugin and the stand-in in one process: it stands still
// while anybody works and jumps when all wait.
#pragma once

#include <map>
#include <set>
#include <thread>
#include <vector>

#include "host_sim/clock.hpp"
#include "tests/fake_aikido/clock.hpp"

namespace test_support {

// When time moves:
// - With nothing in flight (work_begins without work_ends) a thread in wait_until jumps straight to
//   the earliest of all due times and events.
// - With as many answers parked by the stand-in as there are calls in flight, each monotonic_ns()
//   read from inside the work steps by at most a second, never past an event or a due time. A
//   plugin polls the clock in short real slices, so its time-outs fire at simulated moments.
// - Else it stands.
// Events run on the thread that moved the clock, without any lock, in the order of their time and
// then of their insertion; time stands meanwhile.
//
// Any thread. It is deterministic with one worker. With several, call work_begins before letting go
// of the lock that was given to wait_until, or another worker may jump in between.
class SimulatedClock final : public host::Clock, public fake_aikido::Clock {
 public:
  static constexpr int64_t kDefaultStart = int64_t{1'767'225'600} * fake_aikido::kSecond;  // 2026

  explicit SimulatedClock(int64_t start_ns = kDefaultStart);

  // The host's wall clock is the true time plus all jumps; the monotonic one counts from an hour.
  int64_t wall_ns() override;
  int64_t monotonic_ns() override;
  void wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable& wake,
                  int64_t due_ns) override;
  void work_begins() override;
  void work_ends() override;

  // The true time, which the stand-in keeps.
  int64_t now_ns() override;
  uint64_t park(fake_aikido::Park park) override;
  void unpark(uint64_t id) override;

  // Runs `event` when the true time is `time_ns`; one in the past runs at the next move.
  void at(int64_t time_ns, std::function<void()> event);
  void after(int64_t span_ns, std::function<void()> event);
  // Moves on by `span_ns`, through every event on the way, on the calling thread. For tests without
  // a host, or while its workers wait for ever.
  void advance(int64_t span_ns);
  // The host's wall clock alone is set forward or back.
  void jump_wall(int64_t delta_ns);

  size_t in_flight();
  // Answers that a call in flight waits for.
  size_t parked();

 private:
  using Lock = std::unique_lock<std::mutex>;
  struct Waiter {
    std::condition_variable& wake;
    int64_t due_ns;
  };
  struct Event {
    uint64_t id = 0;
    std::function<void()> run;
    bool is_release = false;
  };
  struct Parked {
    int64_t until_ns;
    std::function<bool()> abandoned;
    bool awaited = true;  // by a call in flight
  };

  int64_t true_time(int64_t monotonic_ns) const;
  int64_t next_event() const;
  int64_t next_due() const;
  bool stands() const;
  bool called_from_work() const;
  size_t awaited();
  void insert(int64_t time_ns, Event event);
  void move_to(int64_t time_ns, Lock& own, Lock* foreign);
  void run(Event event, Lock& own, Lock* foreign);

  const int64_t start_ns_;
  std::mutex mutex_;  // taken after the lock of wait_until, never before it
  int64_t now_ns_;
  int64_t wall_jump_ns_ = 0;
  size_t in_flight_ = 0;
  bool running_event_ = false;
  uint64_t next_id_ = 1;
  std::multimap<int64_t, Event> events_;  // releases included; equal times keep their order
  std::map<uint64_t, Parked> parks_;
  std::vector<Waiter*> waiters_;
  std::multiset<std::thread::id> workers_;
};

}  // namespace test_support
