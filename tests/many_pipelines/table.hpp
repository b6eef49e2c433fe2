// The figures as rows, one for each number of pipelines.
#pragma once

#include <ostream>
#include <vector>

#include "tests/many_pipelines/load.hpp"

namespace many_pipelines {

struct Row {
  Options options;
  Figures figures;
  int64_t base_kib = 0;  // resident with one pipeline
};

// Markdown.
void print_head(std::ostream& out);
void print(std::ostream& out, const Row& row);
// What does not hold, a line each: a client that missed a poll, delay, restart, memory, CPU, syncs.
std::vector<std::string> broken_promises(const Row& row);

}  // namespace many_pipelines
