// When nothing was wrong: the promises about time hold then, and only then.
#pragma once

#include <cstdint>
#include <vector>

#include "tests/simulation/history.hpp"

namespace simulation {

// One thread.
class Calm {
 public:
  explicit Calm(const History& history);

  // The host was up, nothing struck, and what had struck before was made up for.
  bool holds(int64_t from_ns, int64_t to_ns) const;

 private:
  std::vector<Run> stormy_;  // by from_ns, apart from each other
};

// How long after a trouble's end the host may take to notice: a stopped pipeline probes every 15
// minutes, and one that backs off asks within 5, or when a Retry-After is over; then the request
// that goes out has its time-out, and the poll after it is the first that is as it should be.
int64_t recovery_ns(const History& history, const Trouble& trouble);

}  // namespace simulation
