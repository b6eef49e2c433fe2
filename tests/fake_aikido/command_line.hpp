// What the program is asked to be.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>

#include "tests/fake_aikido/activity.hpp"
#include "tests/fake_aikido/switches.hpp"

namespace fake_aikido {

struct CommandLine {
  uint16_t port = 0;
  std::string client_id = "AIK_CLIENT_demo";
  std::string secret;
  Switches switches;
  bool control = false;

  size_t records = 1000;
  int64_t days = 30;
  ActivityStyle style;
  double live_per_minute = 0;
  int64_t live_for_s = 0;  // 0: as long as the program runs
  int64_t live_latest_s = 3;

  std::string authority_file;  // empty: plain http
  std::string report_file;
  std::string dump_file;
};

// The exit code instead, when there is nothing to run (help, a mistake): it has been printed.
std::variant<CommandLine, int> read_command_line(int count, char** arguments);

}  // namespace fake_aikido
