// What the design promises of one record.
#pragma once

#include "tests/simulation/history.hpp"

namespace simulation {

enum class Expectation {
  kMust,     // it has to arrive
  kMay,      // it may, once
  kMustNot,  // it was not asked for
};

Expectation expectation(const History& history, const Record& record);

}  // namespace simulation
