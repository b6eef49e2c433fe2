// One record of the organisation, as it is planned and as it must arrive.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/fake_aikido/organisation.hpp"
#include "tests/simulation/plan.hpp"

namespace simulation {

struct Record {
  std::string line;            // as it must stand in the output
  std::string id;              // its JSON token; empty where it has none
  int64_t time_ns = 0;         // of the server's clock, as visible_ns
  int64_t visible_ns = 0;      // when a listing shows it first
  bool has_time = true;        // its text says when it happened
  bool matches = true;         // the filters, and no permission withholds it
  bool matches_second = true;  // those of the second pipeline
};

struct Activity {
  std::vector<Record> records;                    // by time
  std::vector<fake_aikido::Record> organisation;  // the same ones, as the stand-in takes them
};

// `begin_ns`: the first run, by the server's clock.
Activity make_activity(const Plan& plan, int64_t begin_ns);

}  // namespace simulation
