// The laws of simulated time: it stands while anybody works, and jumps no further than the next
// thing that happens.
#include "tests/support/simulated_clock.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace test_support {
namespace {

using fake_aikido::kHour;
using fake_aikido::kMinute;
using fake_aikido::kNever;
using fake_aikido::kSecond;

// What a host's worker waits with.
struct Waiting {
  std::mutex mutex;
  std::condition_variable wake;

  void until(SimulatedClock& clock, int64_t due_ns) {
    std::unique_lock lock(mutex);
    while (clock.monotonic_ns() < due_ns) clock.wait_until(lock, wake, due_ns);
  }
};

TEST(SimulatedClock, StandsUntilSomebodyWaits) {
  SimulatedClock clock;
  const int64_t begin = clock.monotonic_ns();
  EXPECT_EQ(clock.wall_ns(), SimulatedClock::kDefaultStart);
  for (int read = 0; read < 100; ++read) EXPECT_EQ(clock.monotonic_ns(), begin);
  Waiting().until(clock, begin + kHour);
  EXPECT_EQ(clock.monotonic_ns(), begin + kHour);
  EXPECT_EQ(clock.wall_ns(), SimulatedClock::kDefaultStart + kHour);
  Waiting().until(clock, begin);  // past: at once
  EXPECT_EQ(clock.monotonic_ns(), begin + kHour);
}

TEST(SimulatedClock, TheWallAloneJumps) {
  SimulatedClock clock;
  const int64_t begin = clock.monotonic_ns();
  clock.jump_wall(-kHour);
  EXPECT_EQ(clock.wall_ns(), SimulatedClock::kDefaultStart - kHour);
  EXPECT_EQ(clock.now_ns(), SimulatedClock::kDefaultStart);
  EXPECT_EQ(clock.monotonic_ns(), begin);
}

TEST(SimulatedClock, RunsEventsInTheOrderOfTimeThenInsertion) {
  SimulatedClock clock(0);
  std::string order;
  clock.after(2 * kSecond, [&] { order += 'c'; });
  clock.after(kSecond, [&] {
    order += 'a';
    EXPECT_EQ(clock.now_ns(), kSecond);
    clock.at(0, [&] { order += "(past)"; });
    clock.after(kSecond, [&] { order += 'e'; });
  });
  clock.after(2 * kSecond, [&] { order += 'd'; });
  clock.after(kMinute, [&] { order += "never"; });
  Waiting().until(clock, clock.monotonic_ns() + 3 * kSecond);
  EXPECT_EQ(order, "a(past)cde");
  EXPECT_EQ(clock.now_ns(), 3 * kSecond);
}

TEST(SimulatedClock, AnEventMayTakeTheWaitersLock) {
  SimulatedClock clock;
  Waiting waiting;
  bool ran = false;
  clock.after(kSecond, [&] {
    const std::lock_guard lock(waiting.mutex);
    ran = true;
  });
  waiting.until(clock, clock.monotonic_ns() + 2 * kSecond);
  EXPECT_TRUE(ran);
}

TEST(SimulatedClock, AdvancesThroughEveryEvent) {
  SimulatedClock clock(0);
  std::vector<int64_t> seen;
  for (const int64_t second : {5, 1, 3, 9})
    clock.at(second * kSecond, [&] { seen.push_back(clock.now_ns() / kSecond); });
  int released = 0;
  clock.park({4 * kSecond, [&] { ++released; }, {}});
  clock.advance(5 * kSecond);
  EXPECT_EQ(seen, (std::vector<int64_t>{1, 3, 5}));
  EXPECT_EQ(released, 1);
  EXPECT_EQ(clock.now_ns(), 5 * kSecond);
}

TEST(SimulatedClock, DoesNotJumpWhileAnybodyWorks) {
  SimulatedClock clock;
  const int64_t begin = clock.monotonic_ns();
  clock.work_begins();
  std::atomic<bool> done = false;
  std::thread waiter([&] {
    Waiting().until(clock, begin + kHour);
    done = true;
  });
  for (int read = 0; read < 1000; ++read) ASSERT_EQ(clock.monotonic_ns(), begin);
  EXPECT_FALSE(done);
  clock.work_ends();
  waiter.join();
  EXPECT_EQ(clock.monotonic_ns(), begin + kHour);
}

TEST(SimulatedClock, StepsWhileAllWorkIsParked) {
  SimulatedClock clock;
  const int64_t begin = clock.monotonic_ns();
  clock.work_begins();
  EXPECT_EQ(clock.monotonic_ns(), begin);
  bool gone = false;
  clock.park({kNever, [] {}, [&gone] { return gone; }});
  EXPECT_EQ(clock.parked(), 1u);
  EXPECT_EQ(clock.monotonic_ns(), begin + kSecond);
  EXPECT_EQ(clock.monotonic_ns(), begin + 2 * kSecond);
  clock.work_begins();  // somebody else has something to do
  EXPECT_EQ(clock.monotonic_ns(), begin + 2 * kSecond);
  clock.work_ends();
  EXPECT_EQ(clock.monotonic_ns(), begin + 3 * kSecond);
  EXPECT_EQ(clock.wall_ns(), SimulatedClock::kDefaultStart + 3 * kSecond);
  std::thread([&] { EXPECT_EQ(clock.monotonic_ns(), begin + 3 * kSecond); }).join();
  gone = true;  // whoever waited has given up
  EXPECT_EQ(clock.monotonic_ns(), begin + 3 * kSecond);
  clock.work_ends();
}

TEST(SimulatedClock, AReleaseMakesItStandAgain) {
  SimulatedClock clock;
  const int64_t begin = clock.monotonic_ns();
  int released = 0;
  clock.work_begins();
  clock.park({clock.now_ns() + 5 * kSecond / 2, [&] { ++released; }, {}});
  for (const int64_t half_seconds : {2, 4, 5, 5, 5})
    EXPECT_EQ(clock.monotonic_ns(), begin + half_seconds * kSecond / 2);
  EXPECT_EQ(released, 1);
  EXPECT_EQ(clock.parked(), 0u);
  clock.work_ends();
}

TEST(SimulatedClock, WhoStoppedWaitingParksNothing) {
  SimulatedClock clock;
  const int64_t begin = clock.monotonic_ns();
  clock.work_begins();
  int released = 0;
  const uint64_t stale = clock.park({clock.now_ns() + kHour, [&] { ++released; }, {}});
  clock.work_ends();
  clock.work_begins();
  EXPECT_EQ(clock.parked(), 0u);
  EXPECT_EQ(clock.monotonic_ns(), begin);
  clock.work_ends();
  clock.unpark(stale);
  clock.unpark(stale);
  clock.advance(2 * kHour);
  EXPECT_EQ(released, 0);
}

// Many workers, each waiting and working in turn: time reaches every due moment and passes none.
TEST(SimulatedClock, WorkersMeetTheirDueTimes) {
  SimulatedClock clock;
  Waiting shared;
  std::vector<std::thread> workers;
  std::atomic<int64_t> steps = 0;
  std::latch all_there(4);
  for (uint64_t seed = 1; seed <= 4; ++seed)
    workers.emplace_back([&, seed] {
      std::mt19937_64 random(seed);
      all_there.arrive_and_wait();
      std::unique_lock lock(shared.mutex);
      for (int step = 0; step < 200; ++step) {
        const int64_t due = clock.monotonic_ns() + static_cast<int64_t>(random() % kMinute);
        while (clock.monotonic_ns() < due) clock.wait_until(lock, shared.wake, due);
        clock.work_begins();
        EXPECT_EQ(clock.monotonic_ns(), due);
        lock.unlock();
        ++steps;
        lock.lock();
        clock.work_ends();
      }
    });
  for (std::thread& worker : workers) worker.join();
  EXPECT_EQ(steps, 800);
}

TEST(SimulatedClock, OneWorkerSeesTheSameTwice) {
  const auto trace = [](uint64_t seed) {
    SimulatedClock clock;
    std::mt19937_64 random(seed);
    Waiting waiting;
    std::vector<int64_t> times;
    for (int step = 0; step < 300; ++step) {
      const auto span = [&] { return static_cast<int64_t>(random() % kMinute); };
      clock.after(span(), [&] { times.push_back(-clock.now_ns()); });
      waiting.until(clock, clock.monotonic_ns() + span());
      clock.work_begins();
      const uint64_t id = clock.park({random() % 2 ? kNever : clock.now_ns() + span(), [] {}, {}});
      const int64_t due = clock.monotonic_ns() + span();
      while (clock.monotonic_ns() < due && clock.parked() > 0) times.push_back(clock.now_ns());
      clock.unpark(id);
      clock.work_ends();
    }
    return times;
  };
  const auto first = trace(5);
  EXPECT_GT(first.size(), 1000u);
  EXPECT_EQ(trace(5), first);
  EXPECT_NE(trace(6), first);
}

}  // namespace
}  // namespace test_support
