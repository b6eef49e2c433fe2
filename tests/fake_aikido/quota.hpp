// Calls in a rolling minute, for each workspace. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <unordered_map>

namespace fake_aikido {

class Quota {
 public:
  // 0 and the call is counted, or the ns until one would be let through; refused calls do not
  // count.
  int64_t take(const std::string& workspace, size_t calls_in_a_minute, int64_t now_ns);

 private:
  std::mutex mutex_;
  std::unordered_map<std::string, std::deque<int64_t>> calls_;
};

}  // namespace fake_aikido
