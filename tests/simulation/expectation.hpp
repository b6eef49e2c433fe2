// What the design promises of one record.
#pragma once

#include "tests/simulation/history.hpp"

namespace simulation {

enum class Expectation {
  kMust,     // it has to arrive
  kMay,      // it may, once
  kMustNot,  // it was not asked for
};

// By how much the host's clock and the server's differ at most. The input vouches for nothing that
// either of them has not come to yet.
int64_t clocks_differ_ns(const Plan& plan);

Expectation expectation(const History& history, const Record& record);

}  // namespace simulation
