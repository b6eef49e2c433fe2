// What the README's tables say is what the programs say.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "tests/readme/readme.hpp"
#include "tests/support/program.hpp"

namespace readme {
namespace {

using Words = std::set<std::string>;

std::string printed_by(const test_support::Arguments& words) {
  test_support::Arguments all{HOST_SIM};
  all.insert(all.end(), words.begin(), words.end());
  const test_support::ProgramEnd end = test_support::run_program(all);
  EXPECT_EQ(end.exit_code, 0) << end.err;
  return end.out;
}

// Those that `--help` lists; "" is the program itself.
Words subcommands(const std::string& of) {
  std::istringstream help(printed_by(of.empty() ? test_support::Arguments{"--help"}
                                                : test_support::Arguments{of, "--help"}));
  Words names;
  bool listed = false;
  for (std::string line; std::getline(help, line);) {
    const size_t indent = line.find_first_not_of(' ');
    if (indent == 0) listed = line == "Subcommands:";
    if (listed && indent == 2) names.insert(line.substr(2, line.find(' ', 2) - 2));
  }
  return names;
}

std::string text_of(const nlohmann::json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

// Backticks are typography here.
std::string plain(std::string text) {
  std::erase(text, '`');
  return text;
}

TEST(Tables, NameEveryCommandAndNoOther) {
  Words told;
  const Readme readme(README);
  for (const Row& row : readme.table("command"))
    for (const std::string& command : in_backticks(row.front())) {
      std::istringstream words(command);
      std::string program, name, second;
      words >> program >> name >> second;
      EXPECT_EQ(program, "host_sim") << command;
      told.insert(name == "state" ? name + " " + second : name);
    }
  Words known;
  for (const std::string& name : subcommands("")) {
    const Words below = name == "state" ? subcommands(name) : Words{};
    if (below.empty()) known.insert(name);
    for (const std::string& second : below) known.insert(name + " " + second);
  }
  EXPECT_GE(known.size(), 9u);
  EXPECT_EQ(told, known);
}

TEST(Tables, NameEverySettingWithItsDefault) {
  const auto schema =
      nlohmann::json::parse(printed_by({"describe", "aikido_activity_log"})).at("settings");
  const nlohmann::json& properties = schema.at("properties");
  Words told;
  for (const Row& row : Readme(README).table("setting")) {
    ASSERT_EQ(row.size(), 3u);
    Words defaults;
    for (const std::string& name : in_backticks(row[0])) {
      ASSERT_TRUE(properties.contains(name)) << name << " is no setting";
      EXPECT_TRUE(told.insert(name).second) << name << " stands there twice";
      const auto& property = properties[name];
      if (property.contains("default")) defaults.insert(text_of(property["default"]));
      const auto& required = schema.at("required");
      const bool must = std::find(required.begin(), required.end(), name) != required.end();
      EXPECT_EQ(row[2].starts_with("required"), must) << name;
    }
    EXPECT_LE(defaults.size(), 1u) << row[0] << ": settings of different defaults share a row";
    if (defaults.empty()) {
      EXPECT_TRUE(in_backticks(row[1]).empty()) << row[0] << " has no default";
    } else {
      EXPECT_EQ(plain(row[1]), *defaults.begin()) << row[0];
    }
  }
  Words known;
  for (const auto& [name, property] : properties.items()) known.insert(name);
  EXPECT_GE(known.size(), 15u);
  EXPECT_EQ(told, known);
}

TEST(Tables, PointToWhatIsThere) {
  const std::filesystem::path root = std::filesystem::path(README).parent_path();
  size_t checked = 0;
  for (const Row& row : Readme(README).table("to see"))
    for (const std::string& path : in_backticks(row.at(1))) {
      EXPECT_TRUE(std::filesystem::exists(root / path)) << path;
      ++checked;
    }
  EXPECT_GE(checked, 6u);
}

}  // namespace
}  // namespace readme
