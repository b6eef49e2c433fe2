// What happened, as text: the same for every replay of a seed. No path, port or process id may get
// in.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace simulation {

// One thread at a time.
class EventLog {
 public:
  // `begin_ns`: the moment that times are told from.
  explicit EventLog(int64_t begin_ns) : begin_ns_(begin_ns) {}

  void add(int64_t time_ns, std::string what) { events_.emplace_back(time_ns, std::move(what)); }
  // "   3661.500000000 commit: 12 records", a line, by time and then in the order of adding.
  std::string text() const;

 private:
  int64_t begin_ns_;
  std::vector<std::pair<int64_t, std::string>> events_;
};

}  // namespace simulation
