// What every command is given, so that tests can hand in their own.
#pragma once

#include <iosfwd>

#include "host_sim/clock.hpp"
#include "host_sim/log.hpp"
#include "host_sim/secrets.hpp"

namespace host::commands {

struct Context {
  Clock& clock;
  Log& log;
  SecretEnvironment& environment;
  std::istream& in;
  std::ostream& out;  // stdout: records, and what was asked for
  std::ostream& err;  // stderr: mistakes in the manifest, questions
};

}  // namespace host::commands
