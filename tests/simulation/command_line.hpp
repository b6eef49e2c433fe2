// What the program is asked for.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <variant>

namespace simulation {

struct CommandLine {
  uint64_t from = 1;
  uint64_t seeds = 300;
  int64_t days = 3;
  size_t jobs = 1;
  std::filesystem::path report;
  std::filesystem::path plugin_folder;  // empty: the built one
  bool until_failure = false;
};

// The exit code instead, when there is nothing to run (help, a mistake): it has been printed.
std::variant<CommandLine, int> read_command_line(int count, char** arguments);

// The one command that lives through a seed again.
std::string replay_command(const CommandLine& line, uint64_t seed);

}  // namespace simulation
