// Every request that was answered, and what tests and reports count in it. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "tests/fake_aikido/asked.hpp"

namespace fake_aikido {

struct LoggedRequest {
  Asked asked;
  unsigned status = 0;     // as it was to be sent; 0 where no whole head was
  size_t records = 0;      // on the page
  bool is_spoilt = false;  // by a fault
};

class RequestLog {
 public:
  void add(LoggedRequest request);

  std::vector<LoggedRequest> entries() const;
  size_t count() const;
  size_t count(Kind kind) const;
  size_t count(Kind kind, unsigned status) const;
  // The most requests of one client (of all, when empty) within any minute, ends excluded.
  size_t most_in_rolling_minute(const std::string& client = {}) const;
  void clear();

 private:
  mutable std::mutex mutex_;
  std::vector<LoggedRequest> entries_;
};

}  // namespace fake_aikido
