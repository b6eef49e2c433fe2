// Worlds side by side, each in a process of its own: one that dies or hangs is an outcome, and no
// world can leave anything to the next.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "tests/simulation/outcome.hpp"

namespace simulation {

// One thread, which must be the only one of the process when a world begins.
class Crew {
 public:
  using Work = std::function<Outcome(uint64_t seed)>;

  // `work` runs in the child.
  Crew(size_t jobs, Work work) : jobs_(jobs), work_(std::move(work)) {}
  // Ends all that still run.
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  bool has_room() const { return members_.size() < jobs_; }
  bool idle() const { return members_.empty(); }
  // There is room.
  void begin(uint64_t seed);
  // Blocks until a world is over. Not idle.
  Outcome next();

 private:
  struct Member {
    uint64_t seed;
    int pipe;
    double begin_s;
    std::string told;
  };

  Outcome finish(pid_t process);
  bool hear(Member& member);
  void end_those_that_hang();

  size_t jobs_;
  Work work_;
  std::map<pid_t, Member> members_;
};

}  // namespace simulation
