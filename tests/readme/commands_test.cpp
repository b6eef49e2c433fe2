// Every command of the README does what it says there, in a fresh copy of the project and with the
// stand-in in Aikido's place.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>

#include "tests/fake_aikido/activity.hpp"
#include "tests/fake_aikido/server.hpp"
#include "tests/readme/checkout.hpp"
#include "tests/readme/readme.hpp"
#include "tests/support/files.hpp"

namespace readme {
namespace {

using fake_aikido::kSecond;
using testing::HasSubstr;

constexpr size_t kRecords = 300;
constexpr int64_t kDayS = 86'400;
constexpr const char* kOutput = "out/aikido.ndjson";

// A command by its beginning, and what it must print. One that is not here fails the test.
struct Expected {
  const char* begins;
  const char* prints;
};
constexpr Expected kExpected[] = {
    {"./host_sim/install.sh", ""},
    {"cmake --workflow --preset release", "Executing workflow step 2 of 2"},
    {"cmake --build --preset release", "ticks_in_cpp.so"},
    {"cp manifests/", ""},
    {"export AIKIDO_CLIENT_SECRET=", ""},
    {"host_sim run", "aikido-activity: "},
    {"host_sim check --json", "\"step\":\"activity_log\",\"ok\":true"},
    {"host_sim check", "ok    activity_log"},
    {"host_sim preview -n 5", "{\"id\":"},
    {"host_sim plugins", "aikido_activity_log"},
    {"host_sim describe", "\"backfill_start_time\""},
    {"host_sim state show --json", "\"records\": 300"},
    {"host_sim state show", "records          300\n"},
    {"host_sim state export", ""},
    {"host_sim state import", "state import: took over aikido-activity\n"},
    {"host_sim state reset", "state reset: forgot aikido-activity\n"},
    {"plugin_judge", "every law is kept"},
};

// tests/run.sh runs the former in a stage of its own, and is what runs this.
bool runs_elsewhere(const std::string& command) {
  return command == "./host_sim/demo.sh" || command == "./tests/run.sh";
}

// With what a reader puts in place of the capitals; both, where a word may be left out.
std::vector<std::string> spelled_out(std::string command) {
  const std::pair<const char*, const char*> words[] = {{"MANIFEST", "my.yaml"},
                                                       {"NAME", "aikido-activity"},
                                                       {"PLUGIN", "aikido_activity_log"},
                                                       {"FILE", "positions.json"},
                                                       {"=\\.\\.\\.$", "=AIK_SECRET_test"}};
  for (const auto& [word, meaning] : words)
    command = std::regex_replace(command, std::regex(word), meaning);
  const std::regex optional(" \\[([^\\]]*)\\]");
  const std::string without = std::regex_replace(command, optional, "");
  const std::string with = std::regex_replace(command, optional, " $1");
  return with == without ? std::vector{with} : std::vector{without, with};
}

class Commands : public testing::Test {
 protected:
  Commands() : checkout_(std::filesystem::path(README).parent_path()), server_(options()) {
    const int64_t now_s = server_.now_ns() / kSecond;
    fake_aikido::ActivityStyle style;
    style.shape = fake_aikido::Shape::kMixed;
    server_.organisation().add(
        fake_aikido::make_activity(kRecords, now_s - 20 * kDayS, now_s - 60, style));
  }

  static fake_aikido::ServerOptions options() {
    fake_aikido::ServerOptions options;
    options.switches.quota = 1'000'000;
    return options;
  }

  // What an operator sets in the manifest, and what leads to the stand-in at its pace.
  void edit_manifest() {
    checkout_.edit("my.yaml", "AIK_CLIENT_replace_me", "AIK_CLIENT_test");
    checkout_.edit("my.yaml", "2026-01-01T00:00:00Z", "-30d");
    checkout_.edit("my.yaml", "# region: eu", "base_url: " + server_.url());
    checkout_.edit("my.yaml", "# requests_per_second: 0.3", "requests_per_second: 40");
  }

  test_support::ProgramEnd run(const std::string& command) {
    const bool until_ctrl_c = command.find("host_sim run ") != std::string::npos &&
                              command.find("--once") == std::string::npos;
    if (until_ctrl_c) return checkout_.run_until(command, kOutput, kRecords);
    if (command.starts_with("export ")) {
      const std::string assignment = command.substr(7);
      const size_t equals = assignment.find('=');
      checkout_.export_variable(assignment.substr(0, equals), assignment.substr(equals + 1));
    }
    // On another machine there is no position yet.
    if (command.find(" state import ") != std::string::npos) state("reset --yes my.yaml");
    const test_support::ProgramEnd end = checkout_.run(command);
    if (command.starts_with("cp ")) edit_manifest();
    look_at_effect(command);
    return end;
  }

  std::string state(const std::string& words) {
    const auto end = checkout_.run("build/release/bin/host_sim state " + words);
    EXPECT_EQ(end.exit_code, 0) << words << "\n" << end.err;
    return end.out;
  }

  // What a command has done to the state, beside what it has printed.
  void look_at_effect(const std::string& command) {
    const auto is = [&](const char* words) { return command.find(words) != std::string::npos; };
    const auto kept = [&] { return test_support::read_file(checkout_ / "positions.json"); };
    if (is(" state export ")) {
      EXPECT_EQ(nlohmann::json::parse(kept())["pipelines"]["aikido-activity"]["records"], kRecords);
    } else if (is(" state import ")) {
      EXPECT_EQ(state("export my.yaml"), kept());
    } else if (is(" state reset ")) {
      EXPECT_THAT(state("show my.yaml"), HasSubstr("holds nothing yet"));
    }
  }

  void run_and_look(const std::string& command) {
    const std::string name = std::regex_replace(command, std::regex("^build/release/bin/"), "");
    const auto expected =
        std::find_if(std::begin(kExpected), std::end(kExpected),
                     [&](const Expected& one) { return name.starts_with(one.begins); });
    ASSERT_NE(expected, std::end(kExpected))
        << "the README has a new command; say here what it prints: " << command;
    const test_support::ProgramEnd end = run(command);
    EXPECT_EQ(end.exit_code, 0) << command << "\n" << end.out << end.err;
    EXPECT_THAT(end.out + end.err, HasSubstr(expected->prints)) << command;
  }

  std::vector<std::string> served() {
    const auto texts = server_.organisation().texts(server_.now_ns());
    return {texts.begin(), texts.end()};
  }

  Checkout checkout_;
  fake_aikido::Server server_;
};

TEST_F(Commands, DoWhatTheReadmeSays) {
  size_t ran = 0;
  for (const std::string& line : Readme(README).commands()) {
    if (runs_elsewhere(line)) continue;
    for (const std::string& command : spelled_out(line)) {
      ASSERT_NO_FATAL_FAILURE(run_and_look(command));
      ++ran;
    }
  }
  EXPECT_GE(ran, 18u);
  EXPECT_THAT(test_support::read_lines(checkout_ / kOutput),
              testing::UnorderedElementsAreArray(served()));
}

}  // namespace
}  // namespace readme
