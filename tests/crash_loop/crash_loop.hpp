// The real program, killed again and again against one growing server, and what it has delivered in
// the end.
#pragma once

#include <cstdint>
#include <map>
#include <ostream>
#include <random>
#include <string>

#include "tests/crash_loop/growing_server.hpp"
#include "tests/end_to_end/program_world.hpp"

namespace crash_loop {

struct Options {
  int64_t rounds = 60;
  int64_t seconds = 0;  // more rounds, until so many have passed
  uint64_t seed = 1;
};

// What a round ends with.
struct Step {
  enum class End { kKilledAtRandom, kKilledAtPoint, kStopped };
  End end = End::kKilledAtRandom;
  std::string point = {};
};

// One thread.
class CrashLoop {
 public:
  CrashLoop(const Options& options, std::ostream& told);

  // True when the output holds each record of the server exactly once, no commit was ever ahead of
  // the output, and the host died at every crash point.
  bool run();

 private:
  void round(const Step& step);
  void kill_at_random();
  void kill_at_point(const std::string& point);
  void stop_properly();
  void check_commit();
  bool enough(int64_t rounds) const;
  bool finish();
  bool every_point_was_met();
  bool output_is_exact();
  void fail(const std::string& what);
  int64_t number(int64_t least, int64_t most);

  const Options options_;
  std::ostream& told_;
  std::mt19937_64 random_;
  end_to_end::ProgramWorld world_;
  GrowingServer growing_;
  int64_t begin_ns_;
  std::map<std::string, int64_t> killed_at_;  // by crash point; "" at a random moment
  int64_t stopped_ = 0;
  bool failed_ = false;
};

}  // namespace crash_loop
