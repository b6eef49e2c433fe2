#include "tests/fake_aikido/asio_clock.hpp"

#include <chrono>
#include <utility>

namespace fake_aikido {

using std::chrono::nanoseconds;
using std::chrono::system_clock;

int64_t AsioClock::now_ns() {
  return std::chrono::duration_cast<nanoseconds>(system_clock::now().time_since_epoch()).count();
}

uint64_t AsioClock::park(Park park) {
  const uint64_t id = next_id_++;
  if (park.until_ns == kNever) return id;
  const auto until = std::chrono::duration_cast<system_clock::duration>(nanoseconds(park.until_ns));
  auto& timer = timers_.try_emplace(id, context_, system_clock::time_point(until)).first->second;
  timer.async_wait([this, id, release = std::move(park.release)](boost::system::error_code error) {
    if (error || timers_.erase(id) == 0) return;
    release();
  });
  return id;
}

void AsioClock::unpark(uint64_t id) { timers_.erase(id); }

}  // namespace fake_aikido
