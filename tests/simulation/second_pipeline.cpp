#include "tests/simulation/second_pipeline.hpp"

namespace simulation {

std::string second_pipeline(std::map<std::string, std::string> settings) {
  if (settings.erase("user_type") == 0) settings["user_type"] = "user_only";
  std::string yaml = std::string("  - name: ") + kSecondPipeline +
                     "\n    input:\n      plugin: aikido_activity_log\n      settings:\n";
  for (const auto& [key, value] : settings) yaml += "        " + key + ": " + value + "\n";
  return yaml + "      secrets: {client_secret: {file: secret}}\n    output: {type: file, path: " +
         kSecondOutput + "}\n";
}

History second_history(const History& history) {
  History second;
  second.plan = history.plan;
  second.plan.to_stdout = false;
  second.plan.has_second = false;
  second.begin_ns = history.begin_ns;
  second.end_ns = history.end_ns;
  second.offset_ns = history.offset_ns;
  second.origin_ns = history.second_origin_ns;
  second.activity.records = history.activity.records;
  for (Record& record : second.activity.records) record.matches = record.matches_second;
  second.lines = history.second_lines;
  return second;
}

}  // namespace simulation
