// A `check` of the real program over the real stand-in, and what its report says.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/end_to_end/program_world.hpp"

namespace end_to_end {

struct Failure {
  std::string step;
  std::string cause;
  std::string remedy;
  int exit_code = 1;
};

inline std::vector<nlohmann::json> steps_of(const std::string& out) {
  std::vector<nlohmann::json> steps;
  std::istringstream lines(out);
  for (std::string line; std::getline(lines, line);) {
    steps.push_back(nlohmann::json::parse(line, nullptr, false));
    EXPECT_TRUE(steps.back().is_object()) << line;
  }
  return steps;
}

inline std::vector<std::string> names_of(const std::vector<nlohmann::json>& steps) {
  std::vector<std::string> names;
  for (const nlohmann::json& step : steps) names.push_back(step["step"]);
  return names;
}

class Check : public testing::Test {
 protected:
  // The last line fails, and no other.
  static void expect_for_machines(const test_support::ProgramEnd& end, const Failure& failure) {
    EXPECT_EQ(end.exit_code, failure.exit_code) << end.out << end.err;
    const std::vector<nlohmann::json> steps = steps_of(end.out);
    ASSERT_THAT(steps, testing::Not(testing::IsEmpty())) << end.err;
    for (size_t i = 0; i < steps.size(); ++i)
      EXPECT_EQ(steps[i]["ok"], i + 1 < steps.size()) << end.out;
    EXPECT_EQ(steps.back()["step"], failure.step) << end.out;
    EXPECT_THAT(steps.back()["detail"].get<std::string>(), testing::HasSubstr(failure.cause));
    EXPECT_THAT(
        steps.back()["remedy"].get<std::string>(),
        testing::AllOf(testing::Not(testing::IsEmpty()), testing::HasSubstr(failure.remedy)));
  }
  static void expect_for_people(const test_support::ProgramEnd& end, const Failure& failure) {
    EXPECT_EQ(end.exit_code, failure.exit_code) << end.out << end.err;
    const size_t at = end.out.find("FAIL  ");
    ASSERT_NE(at, std::string::npos) << end.out << end.err;
    EXPECT_THAT(
        end.out.substr(at),
        testing::AllOf(testing::StartsWith("FAIL  " + failure.step + " "),
                       testing::HasSubstr(failure.cause), testing::HasSubstr(failure.remedy)));
    EXPECT_EQ(end.out.find('\n', at), end.out.size() - 1) << "it is the last line: " << end.out;
  }
  static void expect(ProgramWorld& world, const Failure& failure) {
    expect_for_machines(world.run({"check", "--json", "M"}), failure);
    expect_for_people(world.run({"check", "M"}), failure);
  }

  void TearDown() override { EXPECT_FALSE(std::filesystem::exists(world_.output)); }

  ProgramWorld world_;
};

}  // namespace end_to_end
