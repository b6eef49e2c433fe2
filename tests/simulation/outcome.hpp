// What came of one world, as its process tells it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace simulation {

struct Outcome {
  uint64_t seed = 0;
  std::string breach = {};  // "law: how", or empty
  std::string plan = {};    // on one line
  std::string events = {};  // the log; only of a world that failed, or where it is asked for
  uint64_t requests = 0;
  uint64_t records = 0;
  double cpu_s = 0;

  bool failed() const { return !breach.empty(); }
};

// Lives through the world of a seed in this process.
Outcome live(uint64_t seed, int64_t days, const std::filesystem::path& plugin_folder,
             bool with_events);

std::string encode(const Outcome& outcome);
// Throws std::exception when the bytes are not what encode gave.
Outcome decode(const std::string& bytes);

}  // namespace simulation
