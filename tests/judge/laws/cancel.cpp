#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "tests/judge/black_hole.hpp"
#include "tests/judge/held_batch.hpp"
#include "tests/judge/instance.hpp"
#include "tests/judge/laws/laws.hpp"

namespace judge {
namespace {

using SteadyClock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kLimit{250};      // for the call that runs
constexpr milliseconds kNoBlocking{50};  // for connector_cancel itself
constexpr milliseconds kPatience{10'000};
constexpr int kTries = 3;  // a busy machine is late now and then, a deaf plugin always
constexpr int kLooks = 150, kLookMs = 20;  // for a connection, three seconds in all
constexpr size_t kCallsWithoutNetwork = 100;

// One instance, read on a thread of its own. Shared with that thread, which may never end.
class Reading : public std::enable_shared_from_this<Reading> {
 public:
  Reading(const Subject& subject, const Library& library, const Surroundings& surroundings)
      : library_(library), instance_(subject, library, clock_, surroundings) {
    instance_.start(subject);
  }

  void begin() {
    std::thread([self = shared_from_this()] { self->run(); }).detach();
  }

  void wait_for_calls(size_t calls) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kPatience, [&] { return calls_ >= calls || ended_; });
  }

  size_t calls() const {
    const std::lock_guard lock(mutex_);
    return calls_;
  }

  // Cancels, and returns how long the running call took to end. Broken when it did not.
  milliseconds cancel() {
    const auto before = SteadyClock::now();
    instance_.cancel();
    cancelled_ = true;
    if (SteadyClock::now() - before > kNoBlocking) throw Broken("connector_cancel blocked");
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, kPatience, [&] { return ended_; }))
      throw Broken("connector_next_batch still ran " + std::to_string(kPatience.count() / 1000) +
                   " s after connector_cancel");
    if (!breach_.empty()) throw Broken(breach_);
    return std::chrono::duration_cast<milliseconds>(end_ - before);
  }

  void expect_sticky_before_the_first_call() {
    instance_.cancel();
    expect_sticky();
  }

  // For good: also the call that was about to be made.
  void expect_sticky() {
    connector_batch batch;
    const Outcome outcome = instance_.next_batch(batch);
    if (outcome.status == CONNECTOR_ERROR_CANCELLED) return;
    if (outcome.ok()) HeldBatch(library_, batch, 1);
    throw Broken("connector_next_batch after connector_cancel gave " + outcome.describe() +
                 " where CANCELLED is due");
  }

 private:
  // Until cancelled. Errors are another law's business.
  void run() {
    std::string breach;
    try {
      for (int32_t status = CONNECTOR_OK; status != CONNECTOR_ERROR_CANCELLED;) status = step();
    } catch (const Broken& broken) {
      breach = broken.what();
    }
    const std::lock_guard lock(mutex_);
    breach_ = breach;
    end_ = SteadyClock::now();
    ended_ = true;
    changed_.notify_all();
  }

  int32_t step() {
    {
      const std::lock_guard lock(mutex_);
      ++calls_;
      changed_.notify_all();
    }
    if (cancelled_) {
      expect_sticky();
      return CONNECTOR_ERROR_CANCELLED;
    }
    connector_batch batch;
    const Outcome outcome = instance_.next_batch(batch);
    if (outcome.ok()) HeldBatch(library_, batch, 1);
    clock_.skip(outcome.ok() ? batch.wait_ns : outcome.wait_ns);
    return outcome.status;
  }

  const Library& library_;
  JudgeClock clock_;
  Instance instance_;
  std::atomic<bool> cancelled_ = false;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  size_t calls_ = 0;
  bool ended_ = false;
  std::string breach_;
  SteadyClock::time_point end_;
};

// `before_cancel` brings the reading to the moment at which it is cancelled; false: it never came.
template <class BeforeCancel>
bool cancelled_in_time(const std::string& moment, const Subject& subject, const Library& library,
                       const Surroundings& surroundings, BeforeCancel&& before_cancel) {
  milliseconds took{};
  for (int i = 0; i < kTries; ++i) {
    const auto reading = std::make_shared<Reading>(subject, library, surroundings);
    reading->begin();
    const bool came = before_cancel(*reading);
    took = reading->cancel();
    reading->expect_sticky();
    if (!came) return false;
    if (took <= kLimit) return true;
  }
  throw Broken(moment + ", the running call ended " + std::to_string(took.count()) +
               " ms after connector_cancel, " + std::to_string(kLimit.count()) + " are allowed");
}

// Until a call hangs in the network; false when none ever does.
bool hangs(const Reading& reading, BlackHole& hole) {
  for (int i = 0; i < kLooks && reading.calls() < kCallsWithoutNetwork; ++i)
    if (hole.swallow(kLookMs)) return true;
  return false;
}

}  // namespace

std::string cancel(const Subject& subject) {
  static const Library library(subject);  // outlives a thread that never comes back
  Reading(subject, library, {}).expect_sticky_before_the_first_call();
  for (const size_t calls : {1, 2, 3, 5, 8, 13, 21})
    cancelled_in_time("in call " + std::to_string(calls), subject, library, {},
                      [&](Reading& reading) {
                        reading.wait_for_calls(calls);
                        return true;
                      });
  BlackHole hole;
  const bool hung = cancelled_in_time("while a server did not answer", subject, library,
                                      {.secrets = {}, .properties = {{"proxy", hole.url()}}},
                                      [&](Reading& reading) { return hangs(reading, hole); });
  return hung ? "ended in time, also while a server did not answer"
              : "ended in time; the host's proxy was not used, so no call could be made to hang";
}

}  // namespace judge
