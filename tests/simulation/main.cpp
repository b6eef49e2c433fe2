// simulation: worlds out of seeds, and the laws in them.
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <fstream>
#include <iostream>

#include "tests/simulation/command_line.hpp"
#include "tests/simulation/crew.hpp"

namespace simulation {
namespace {

struct Tally {
  uint64_t worlds = 0;
  uint64_t failed = 0;
  uint64_t requests = 0;
  uint64_t records = 0;
  double cpu_s = 0;
  double most_cpu_s = 0;
  uint64_t slowest = 0;

  void add(const Outcome& outcome);
};

void Tally::add(const Outcome& outcome) {
  ++worlds;
  failed += outcome.failed();
  requests += outcome.requests;
  records += outcome.records;
  cpu_s += outcome.cpu_s;
  if (outcome.cpu_s <= most_cpu_s) return;
  most_cpu_s = outcome.cpu_s;
  slowest = outcome.seed;
}

// Without times of this run, so that a replay gives the same bytes.
void write(std::ostream& report, const Outcome& outcome) {
  report << "seed " << outcome.seed << ": " << (outcome.failed() ? outcome.breach : "all laws held")
         << "\n  " << outcome.plan << "\n  " << outcome.requests << " requests, " << outcome.records
         << " records\n"
         << outcome.events << std::flush;
}

void show_progress(const Tally& tally, uint64_t of) {
  if (!::isatty(STDERR_FILENO)) return;
  std::cerr << '\r' << tally.worlds << " of " << of << " worlds, " << tally.failed << " failed "
            << std::flush;
}

int run(const CommandLine& line) {
  std::ofstream report;
  if (!line.report.empty()) report.open(line.report, std::ios::trunc);
  const bool with_events = line.seeds == 1 && report.is_open();
  Crew crew(line.jobs,
            [&](uint64_t seed) { return live(seed, line.days, line.plugin_folder, with_events); });
  Tally tally;
  uint64_t begun = 0;
  bool stops = false;
  while (!crew.idle() || (begun < line.seeds && !stops)) {
    while (crew.has_room() && begun < line.seeds && !stops) crew.begin(line.from + begun++);
    const Outcome outcome = crew.next();
    tally.add(outcome);
    if (report.is_open()) write(report, outcome);
    if (outcome.failed()) {
      std::cerr << "\rseed " << outcome.seed << ": " << outcome.breach
                << "\n  replay: " << replay_command(line, outcome.seed) << std::endl;
      stops = line.until_failure;
    }
    show_progress(tally, line.seeds);
  }
  std::cerr << "\r" << tally.requests << " requests, " << tally.records << " records; "
            << tally.cpu_s / static_cast<double>(tally.worlds) << " CPU seconds a world, at most "
            << tally.most_cpu_s << " (seed " << tally.slowest << ")" << std::endl;
  std::cout << tally.worlds << " worlds, " << tally.failed << " failed" << std::endl;
  return tally.failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace simulation

int main(int count, char** arguments) try {
  const auto line = simulation::read_command_line(count, arguments);
  if (const int* code = std::get_if<int>(&line)) return *code;
  ::signal(SIGPIPE, SIG_IGN);  // as the host's own main does
  ::signal(SIGXFSZ, SIG_IGN);
  return simulation::run(std::get<simulation::CommandLine>(line));
} catch (const std::exception& error) {
  std::cerr << "simulation: " << error.what() << '\n';
  return 1;
}
