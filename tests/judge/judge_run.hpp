// Runs the built plugin_judge and reads its report.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/judge/laws/laws.hpp"
#include "tests/support/program.hpp"

namespace judge {

inline test_support::ProgramEnd run_judge(test_support::Arguments arguments,
                                          const test_support::Environment& environment = {}) {
  arguments.insert(arguments.begin(), PLUGIN_JUDGE);
  return test_support::run_program(arguments, environment, std::chrono::minutes(5));
}

struct Report {
  int exit_code = -1;
  std::map<std::string, Verdict> verdicts;  // by law
  std::string all;                          // for a failed assertion's message
};

inline Report judged(test_support::Arguments arguments,
                     const test_support::Environment& environment = {}) {
  arguments.emplace_back("--json");
  const test_support::ProgramEnd end = run_judge(arguments, environment);
  Report report{end.exit_code, {}, end.out + end.err};
  const auto parsed = nlohmann::json::parse(end.out, nullptr, false);
  if (!parsed.is_object()) return report;
  for (const auto& law : parsed.value("laws", nlohmann::json::array()))
    report.verdicts[law["name"]] = {law["name"], law["kept"], law["detail"]};
  return report;
}

inline void expect_every_law_kept(const Report& report) {
  EXPECT_EQ(report.exit_code, 0) << report.all;
  ASSERT_EQ(report.verdicts.size(), laws().size()) << report.all;
  for (const auto& [name, verdict] : report.verdicts)
    EXPECT_TRUE(verdict.kept) << name << ": " << verdict.detail;
}

}  // namespace judge
