#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tests/simulation/expectation.hpp"
#include "tests/simulation/laws.hpp"
#include "tests/simulation/second_pipeline.hpp"

namespace simulation {
namespace {

// What a write that failed amid a line, or a death, leaves on stdout, where nothing can be taken
// back: part of a line, or an empty one after it.
bool is_torn(const History& history, const std::string& line) {
  const auto& records = history.activity.records;
  return history.plan.to_stdout &&
         std::any_of(records.begin(), records.end(),
                     [&](const Record& record) { return record.line.starts_with(line); });
}

// How often each record stands in the output.
struct Count {
  std::vector<int> of_record;
  const std::string* unknown = nullptr;  // a line that no record has
  explicit Count(const History& history);
};

// Of those that are equal, for want of an id, the plugin may take all for one.
Count::Count(const History& history) : of_record(history.activity.records.size()) {
  struct Equals {
    int records = 0, lines = 0;
    int each() const { return lines <= records ? std::min(lines, 1) : lines; }
  };
  std::unordered_map<std::string_view, Equals> equals;
  for (const Record& record : history.activity.records) ++equals[record.line].records;
  for (const std::string& line : history.lines) {
    const auto found = equals.find(line);
    if (found != equals.end())
      ++found->second.lines;
    else if (!unknown && !is_torn(history, line))
      unknown = &line;
  }
  for (size_t i = 0; i < of_record.size(); ++i)
    of_record[i] = equals[history.activity.records[i].line].each();
}

std::string told(const History& history, size_t index) {
  const Record& record = history.activity.records[index];
  const auto since = [&](int64_t time_ns) {
    return std::to_string((time_ns - history.offset_ns - history.begin_ns) / kSecond) + " s";
  };
  return "record " + std::to_string(index) + " (of " + since(record.time_ns) + ", surfaced at " +
         since(record.visible_ns) + ")";
}

Breach is_complete(const History& history) {
  const Count count(history);
  size_t missing = 0, first = 0, expected = 0;
  for (size_t i = 0; i < count.of_record.size(); ++i) {
    if (expectation(history, history.activity.records[i]) != Expectation::kMust) continue;
    ++expected;
    if (count.of_record[i] > 0) continue;
    if (missing++ == 0) first = i;
  }
  if (missing == 0) return std::nullopt;
  return std::to_string(missing) + " of " + std::to_string(expected) + " are missing, first " +
         told(history, first);
}

Breach has_nothing_else(const History& history) {
  const Count count(history);
  if (count.unknown) return "a line is no record: " + count.unknown->substr(0, 200);
  for (size_t i = 0; i < count.of_record.size(); ++i) {
    const Expectation expected = expectation(history, history.activity.records[i]);
    if (count.of_record[i] > 0 && expected == Expectation::kMustNot)
      return told(history, i) + " is not asked for";
    if (count.of_record[i] > 1 && !history.plan.to_stdout)
      return told(history, i) + " is there " + std::to_string(count.of_record[i]) + " times";
  }
  return std::nullopt;
}

// Of one pipeline after the other.
Breach check_each(const History& history, Breach (*law)(const History&)) {
  const Breach first = law(history);
  if (first || !history.plan.has_second) return first;
  const Breach second = law(second_history(history));
  if (!second) return std::nullopt;
  return "of the second pipeline " + *second;
}

}  // namespace

Breach every_record_is_delivered(const History& history) {
  return check_each(history, is_complete);
}

Breach nothing_else_is_delivered(const History& history) {
  return check_each(history, has_nothing_else);
}

Breach no_commit_passes_the_output(const History& history) {
  for (const Committed& commit : history.commits) {
    if (commit.records <= commit.durable_lines && commit.position <= commit.durable_bytes &&
        commit.unfounded == 0)
      continue;
    return "at " + std::to_string((commit.time_ns - history.begin_ns) / kSecond) +
           " s a commit claimed " + std::to_string(commit.records) + " records and " +
           std::to_string(commit.position) + " bytes of " + std::to_string(commit.durable_lines) +
           " and " + std::to_string(commit.durable_bytes) + ", with " +
           std::to_string(commit.unfounded) + " ids that the output does not have";
  }
  return std::nullopt;
}

Breach the_last_run_catches_up(const History& history) {
  if (history.last_exit_code == 0) return std::nullopt;
  std::string log = history.last_log.substr(0, 300);
  std::replace(log.begin(), log.end(), '\n', ' ');
  return "it ended with " + std::to_string(history.last_exit_code) + ": " + log;
}

}  // namespace simulation
