// The system's clock, with parked answers as timers.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/system_timer.hpp>
#include <unordered_map>

#include "tests/fake_aikido/clock.hpp"

namespace fake_aikido {

// park and unpark on the io_context's thread only.
class AsioClock final : public Clock {
 public:
  explicit AsioClock(boost::asio::io_context& context) : context_(context) {}

  int64_t now_ns() override;
  uint64_t park(Park park) override;
  void unpark(uint64_t id) override;

 private:
  boost::asio::io_context& context_;
  std::unordered_map<uint64_t, boost::asio::system_timer> timers_;
  uint64_t next_id_ = 1;
};

}  // namespace fake_aikido
