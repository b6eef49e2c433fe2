// The stand-in's view of time: what o'clock it is, and answers that are parked until later.
#pragma once

#include <cstdint>
#include <functional>

namespace fake_aikido {

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kMinute = 60 * kSecond;
constexpr int64_t kHour = 60 * kMinute;
constexpr int64_t kDay = 24 * kHour;
constexpr int64_t kNever = INT64_MAX;

// An answer that waits: a hang, a delay, the next drop of a slow body.
struct Park {
  int64_t until_ns = kNever;  // on the clock's now_ns()
  // Called once when that time has come, unless unparked before. It must only hand over to another
  // thread: a clock may hold its own lock meanwhile.
  std::function<void()> release;
  // Whether the client has gone, so that nobody waits for the answer any more. Any thread.
  std::function<bool()> abandoned;
};

// Any thread.
class Clock {
 public:
  virtual ~Clock() = default;

  // Nanoseconds since 1970-01-01T00:00:00Z. Never runs back.
  virtual int64_t now_ns() = 0;

  virtual uint64_t park(Park park) = 0;
  // Afterwards `release` is not called, and no call of it is running. An unknown id is ignored.
  virtual void unpark(uint64_t id) = 0;
};

}  // namespace fake_aikido
