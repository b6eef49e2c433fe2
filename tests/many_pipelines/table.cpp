#include "tests/many_pipelines/table.hpp"

#include <algorithm>
#include <iomanip>
#include <string>

namespace many_pipelines {
namespace {

constexpr double kMostKib = 64;
constexpr double kMostSyncsPerSecond = 100;

double kib_each(const Row& row) {
  const auto others = static_cast<double>(row.options.pipelines + row.options.troubled - 1);
  const auto own = static_cast<double>(row.figures.usage.resident_kib - row.base_kib);
  return others > 0 ? own / others : 0;
}

double per_poll_ms(const Figures& figures) {
  return 1000 * figures.cpu_s / static_cast<double>(std::max<int64_t>(1, figures.polls.count));
}

double per_second(double count, const Figures& figures) { return count / figures.span_s; }

double late_percent(const Figures& figures) {
  return 100.0 * static_cast<double>(figures.late_turns) /
         static_cast<double>(std::max<int64_t>(1, figures.turns));
}

double longest_gap_s(const Figures& figures) {
  return static_cast<double>(figures.polls.longest_gap_ns) / 1e9;
}

}  // namespace

void print_head(std::ostream& out) {
  out << "| pipelines | troubled | first round s | restart s | polls/s | longest gap s | "
         "turns over 250 ms late % | mean delay ms | CPU ms/poll | KiB each | syncs/s | threads | "
         "files |\n|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
      << std::endl;
}

void print(std::ostream& out, const Row& row) {
  const Figures& f = row.figures;
  out << std::fixed << "| " << row.options.pipelines << " | " << row.options.troubled << " | "
      << std::setprecision(1) << f.first_round_s << " | " << f.second_round_s << " | "
      << per_second(static_cast<double>(f.polls.count), f) << " | " << longest_gap_s(f) << " | "
      << std::setprecision(3) << late_percent(f) << " | " << f.mean_delay_ms << " | "
      << per_poll_ms(f) << " | " << std::setprecision(1) << kib_each(row) << " | "
      << per_second(f.syncs, f) << " | " << f.usage.threads << " | " << f.usage.files << " |"
      << std::endl;
}

std::vector<std::string> broken_promises(const Row& row) {
  std::vector<std::string> broken;
  const Figures& f = row.figures;
  // A poll, its jitter of a twentieth, and as much again for a machine that is busy otherwise.
  const double most_gap_s = 2.1 * static_cast<double>(row.options.poll_s);
  if (longest_gap_s(f) > most_gap_s)
    broken.push_back("a client was not polled for " + std::to_string(longest_gap_s(f)) + " s");
  if (f.second_round_s > most_gap_s)
    broken.push_back("after a restart the last poll came after " +
                     std::to_string(f.second_round_s) + " s");
  if (kib_each(row) > kMostKib)
    broken.push_back(std::to_string(kib_each(row)) + " KiB for each pipeline");
  if (per_second(f.syncs, f) > kMostSyncsPerSecond)
    broken.push_back(std::to_string(per_second(f.syncs, f)) + " syncs a second");
  return broken;
}

}  // namespace many_pipelines
