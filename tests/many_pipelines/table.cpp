#include "tests/many_pipelines/table.hpp"

#include <algorithm>
#include <iomanip>
#include <string>

namespace many_pipelines {
namespace {

constexpr double kMostDelayMs = 250;
constexpr double kPollAndJitter = 1.05;
// What a poll takes is a figure of the table; this is no more than a bound on it.
constexpr double kMostPollMs = 20;
constexpr double kMostKib = 64;
constexpr double kFew = 1000;  // which take as much for the host's threads as for themselves
constexpr double kMostSyncsPerSecond = 100;  // and one of each that floods
// Of one that hangs, a thread; of one that floods, pages and what it remembers of them.
constexpr double kMostKibTroubled = 512;

double pipelines(const Row& row) { return static_cast<double>(row.options.pipelines); }

double own_kib(const Row& row) {
  return static_cast<double>(row.figures.usage.resident_kib - row.base_kib);
}

double kib_each(const Row& row) {
  const auto others = static_cast<double>(row.options.pipelines + row.options.troubled - 1);
  return others > 0 ? own_kib(row) / others : 0;
}

double per_poll_ms(const Figures& figures) {
  return 1000 * figures.cpu_s / static_cast<double>(std::max<int64_t>(1, figures.polls.count));
}

double per_second(double count, const Figures& figures) { return count / figures.span_s; }

double longest_gap_s(const Figures& figures) {
  return static_cast<double>(figures.polls.longest_gap_ns) / 1e9;
}

}  // namespace

void print_head(std::ostream& out) {
  out << "| pipelines | troubled | first round s | restart s | polls/s | longest gap s | "
         "p99 delay ms, at most | mean delay ms | CPU ms/poll | KiB each | syncs/s | threads | "
         "files |\n|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
      << std::endl;
}

void print(std::ostream& out, const Row& row) {
  const Figures& f = row.figures;
  out << std::fixed << "| " << row.options.pipelines << " | " << row.options.troubled << " | "
      << std::setprecision(1) << f.first_round_s << " | " << f.second_round_s << " | "
      << per_second(static_cast<double>(f.polls.count), f) << " | " << longest_gap_s(f) << " | "
      << f.p99_delay_ms << " | " << std::setprecision(3) << f.mean_delay_ms << " | "
      << per_poll_ms(f) << " | " << std::setprecision(1) << kib_each(row) << " | "
      << per_second(f.syncs, f) << " | " << f.usage.threads << " | " << f.usage.files << " |"
      << std::endl;
}

std::vector<std::string> broken_promises(const Row& row) {
  const Figures& f = row.figures;
  const auto troubled = static_cast<double>(row.options.troubled);
  const auto busy_s = static_cast<double>(row.options.busy_s);
  const auto poll_s = static_cast<double>(row.options.poll_s);
  const double most_gap_s = kPollAndJitter * poll_s + 1 + busy_s;
  const struct {
    double is, most;
    const char* says;
  } promises[] = {
      {longest_gap_s(f), most_gap_s, "s between two polls of a client"},
      {f.p99_delay_ms, kMostDelayMs + 1000 * busy_s,
       "ms is what one turn in a hundred begins late, or more"},
      {f.second_round_s, poll_s + busy_s, "s from a restart to the last client's first poll"},
      {troubled > 0 ? 0 : per_poll_ms(f), kMostPollMs, "ms of CPU for a poll"},
      {own_kib(row), kMostKib * std::max(kFew, pipelines(row)) + kMostKibTroubled * troubled,
       "KiB of memory beyond that of one pipeline"},
      {per_second(f.syncs, f), kMostSyncsPerSecond + troubled, "syncs a second"},
  };
  std::vector<std::string> broken;
  for (const auto& promise : promises)
    if (promise.is > promise.most)
      broken.push_back(std::to_string(promise.is) + " " + promise.says + ", and at most " +
                       std::to_string(promise.most) + " are promised");
  return broken;
}

}  // namespace many_pipelines
