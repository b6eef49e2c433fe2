// What the design promises of one record.
#pragma once

#include "tests/simulation/history.hpp"

namespace simulation {

enum class Expectation {
  kMust,     // it has to arrive
  kMay,      // it may, once
  kMustNot,  // it was not asked for
};

// By how much the input may be wrong about the server's time: not at all where answers tell it.
int64_t clock_error_ns(const Plan& plan);

Expectation expectation(const History& history, const Record& record);

}  // namespace simulation
