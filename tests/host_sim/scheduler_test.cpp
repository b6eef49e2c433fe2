// Who has a turn when, and what a task that hangs costs the others: nothing.
#include "host_sim/scheduler.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <future>
#include <latch>

#include "tests/support/simulated_clock.hpp"

namespace host {
namespace {

using test_support::SimulatedClock;

constexpr std::chrono::seconds kBounded(60);

class TestTask final : public Task {
 public:
  TestTask(std::string name, std::function<int64_t()> turn)
      : name_(std::move(name)), turn_(std::move(turn)) {}
  const std::string& name() const override { return name_; }
  int64_t step() override { return turn_(); }

 private:
  const std::string name_;
  const std::function<int64_t()> turn_;
};

TEST(Scheduler, TurnsComeInTheOrderOfTheirTimeAndThenOfTheirName) {
  SimulatedClock clock;
  Scheduler scheduler(clock, {});
  const int64_t start = clock.monotonic_ns();
  std::vector<std::string> order;
  const auto noted = [&](const std::string& name) {
    return [&order, &clock, name, start] {
      order.push_back(name + std::to_string((clock.monotonic_ns() - start) / kNsPerSecond));
      return Task::kWhenWoken;
    };
  };
  TestTask c("c", noted("c")), a("a", noted("a")), b("b", noted("b"));
  TestTask last("last", [&] {
    scheduler.stop();
    return Task::kWhenWoken;
  });
  scheduler.add(c, start + 2 * kNsPerSecond);
  scheduler.add(b, start + 5 * kNsPerSecond);
  scheduler.add(a, start + 5 * kNsPerSecond);
  scheduler.add(last, start + 9 * kNsPerSecond);
  scheduler.run(0);
  EXPECT_EQ(order, (std::vector<std::string>{"c2", "a5", "b5"}));
}

TEST(Scheduler, ATaskThatIsWokenInItsTurnGetsAnotherAtOnce) {
  SimulatedClock clock;
  Scheduler scheduler(clock, {});
  int turns = 0;
  std::unique_ptr<TestTask> task;
  task = std::make_unique<TestTask>("a", [&] {
    if (++turns == 1) scheduler.wake(*task);
    if (turns == 2) scheduler.stop();
    return Task::kWhenWoken;
  });
  scheduler.add(*task, Task::kAtOnce);
  const int64_t start = clock.monotonic_ns();
  scheduler.run(0);
  EXPECT_EQ(turns, 2);
  EXPECT_EQ(clock.monotonic_ns(), start);
}

TEST(Scheduler, TheTurnsBehindTheFirstBeginAtATimeOfTheirOwn) {
  SimulatedClock clock;
  Scheduler scheduler(clock, {});
  const int64_t start = clock.monotonic_ns();
  std::vector<int64_t> turns_s;
  TestTask task("a", [&] {
    turns_s.push_back((clock.monotonic_ns() - start) / kNsPerSecond);
    if (turns_s.size() == 4) scheduler.stop();
    return clock.monotonic_ns() + kNsPerSecond;
  });
  scheduler.add(task, Task::kAtOnce, start + 5 * kNsPerSecond);
  scheduler.run(0);
  EXPECT_EQ(turns_s, (std::vector<int64_t>{0, 5, 6, 7}));
}

TEST(Scheduler, CountsHowLateTurnsBegin) {
  SimulatedClock clock;
  Scheduler scheduler(clock, {});
  const int64_t start = clock.monotonic_ns();
  TestTask slow("slow", [&] {
    clock.advance(3 * kNsPerSecond);
    return Task::kWhenWoken;
  });
  TestTask late("late", [&] {
    scheduler.stop();
    return Task::kWhenWoken;
  });
  scheduler.add(slow, start);
  scheduler.add(late, start + kNsPerSecond);
  scheduler.run(0);
  const ScheduleDelays delays = scheduler.delays();
  EXPECT_EQ(delays.sum_ns, 2 * kNsPerSecond);
  EXPECT_EQ(delays.counts[0], 1) << "the first one began when it was due";
  EXPECT_EQ(delays.counts[9], 1) << "between one and five seconds";
}

TEST(Scheduler, TwoHundredThatHangDelayNoOther) {
  SystemClock clock;
  std::promise<void> let_go;
  const std::shared_future<void> gone = let_go.get_future().share();
  std::atomic<int> hanging = 0;
  std::vector<std::unique_ptr<TestTask>> tasks;
  Scheduler scheduler(clock, {.max_workers = 256});
  for (int i = 0; i < 200; ++i) {
    tasks.push_back(std::make_unique<TestTask>("hangs" + std::to_string(i), [&, gone] {
      ++hanging;
      gone.wait();
      return Task::kWhenWoken;
    }));
    scheduler.add(*tasks.back(), Task::kAtOnce);
  }
  std::atomic<int> turns = 0;
  TestTask lively("lively", [&] {
    if (hanging == 200 && ++turns == 100) scheduler.stop();
    return clock.monotonic_ns();
  });
  scheduler.add(lively, Task::kAtOnce);
  std::future<void> run = std::async(std::launch::async, [&] { scheduler.run(0); });
  EXPECT_EQ(run.wait_for(kBounded), std::future_status::ready);
  EXPECT_EQ(turns, 100);
  const std::vector<Task*> left = scheduler.hanging();  // the lively one may be on its way out yet
  EXPECT_EQ(left.size() - static_cast<size_t>(std::ranges::count(left, &lively)), 200u);
  let_go.set_value();
  scheduler.run(60 * kNsPerSecond);  // what hung has ended: nothing is lost
  EXPECT_TRUE(scheduler.hanging().empty());
}

TEST(Scheduler, AfterARushMostWorkersEnd) {
  SystemClock clock;
  std::latch rush(100);
  std::vector<std::unique_ptr<TestTask>> tasks;
  Scheduler scheduler(clock, {.max_workers = 256});
  for (int i = 0; i < 100; ++i) {
    tasks.push_back(std::make_unique<TestTask>("rushes" + std::to_string(i), [&] {
      rush.arrive_and_wait();
      return Task::kWhenWoken;
    }));
    scheduler.add(*tasks.back(), Task::kAtOnce);
  }
  const auto threads = [] {
    return std::distance(std::filesystem::directory_iterator("/proc/self/task"), {});
  };
  TestTask watch("watch", [&] {
    if (rush.try_wait() && threads() < 30) scheduler.stop();
    return clock.monotonic_ns() + kNsPerSecond / 100;
  });
  scheduler.add(watch, Task::kAtOnce);
  std::future<void> run = std::async(std::launch::async, [&] { scheduler.run(60 * kNsPerSecond); });
  EXPECT_EQ(run.wait_for(kBounded), std::future_status::ready) << threads() << " threads";
  scheduler.stop();
}

TEST(Scheduler, ItSaysOnceThatItsWorkersAreExhausted) {
  SystemClock clock;
  std::promise<void> let_go;
  const std::shared_future<void> gone = let_go.get_future().share();
  std::atomic<int> said = 0;
  Scheduler scheduler(clock, {.max_workers = 2, .on_exhausted = [&] {
                                ++said;
                                let_go.set_value();
                              }});
  std::vector<std::unique_ptr<TestTask>> tasks;
  std::atomic<int> ended = 0;
  for (int i = 0; i < 5; ++i) {
    tasks.push_back(std::make_unique<TestTask>("t" + std::to_string(i), [&, gone] {
      gone.wait();
      if (++ended == 5) scheduler.stop();
      return Task::kWhenWoken;
    }));
    scheduler.add(*tasks.back(), Task::kAtOnce);
  }
  scheduler.run(60 * kNsPerSecond);
  EXPECT_EQ(said, 1);
  EXPECT_EQ(ended, 5);
}

// Every turn of a task alone, whatever the number of workers and of wakers.
TEST(Scheduler, TurnsOfOneTaskNeverOverlap) {
  SystemClock clock;
  Scheduler scheduler(clock, {.max_workers = 8});
  std::atomic<int> inside = 0;
  std::atomic<int> turns = 0;
  TestTask task("a", [&] {
    EXPECT_EQ(++inside, 1);
    if (++turns >= 2000) scheduler.stop();
    --inside;
    return clock.monotonic_ns();
  });
  TestTask waker("b", [&] {
    scheduler.wake(task);
    return clock.monotonic_ns();
  });
  scheduler.add(task, Task::kAtOnce);
  scheduler.add(waker, Task::kAtOnce);
  scheduler.run(60 * kNsPerSecond);
  EXPECT_GE(turns, 2000);
}

}  // namespace
}  // namespace host
