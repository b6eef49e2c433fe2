// What the command line asks of plugin_judge.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "tests/judge/subject.hpp"

namespace judge {

struct Options {
  Subject subject;
  std::vector<std::string> laws;  // by name; empty: all
  bool json = false;
  int limit_seconds = 120;  // for one law
};

// The options, or the exit status where the program ends at once: 0 after --help, 2 after a mistake
// that has been told on stderr.
std::variant<Options, int> read_options(int argc, char** argv);

}  // namespace judge
