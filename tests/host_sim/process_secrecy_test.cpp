// Where others can look at a process that holds secrets, they see none: its environment as it was
// started, its arguments, its children, its core.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "tests/host_sim/host_program.hpp"

namespace host::test {
namespace {

using test_support::kBounded;
using test_support::Program;
using test_support::ProgramEnd;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kKey = "canary-key-4711-of-the-process";

std::string bytes_of(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

int times_in(const std::string& text, const std::string& word) {
  int times = 0;
  for (size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++times;
  return times;
}

TEST(ProcessSecrecy, ASecretIsInNoPlaceThatAProcessShows) {
  HostProgram host("");
  host.write_for("looker", "", "{key: {env: LOOKER_KEY}}", "");
  const ProgramEnd end = test_support::run_program(
      host.arguments({"run", "--once", "M"}), {{"LOOKER_KEY", kKey}, {"LOOKER_OTHER", "is kept"}});
  ASSERT_EQ(end.exit_code, 0) << end.err;
  const auto lines = test_support::read_lines(host.output());
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_THAT(lines[0], Not(HasSubstr(kKey)));
  const auto seen = nlohmann::json::parse(lines[0]);
  EXPECT_EQ(seen["has_key"], std::string(kKey).size()) << "the plugin itself has it";
  EXPECT_THAT(seen["environ"].get<std::string>(),
              HasSubstr("LOOKER_KEY=" + std::string(std::string(kKey).size(), '\0')));
  EXPECT_THAT(seen["cmdline"].get<std::string>(), HasSubstr("--once"));
  EXPECT_THAT(seen["child"].get<std::string>(), HasSubstr("LOOKER_OTHER=is kept"));
  EXPECT_THAT(seen["child"].get<std::string>(), Not(HasSubstr("LOOKER_KEY")));
  EXPECT_EQ(seen["core_limit"], 0);
  EXPECT_EQ(seen["dumpable"], 0);
}

// What a plugin's file does when it is loaded, before the host has called anything of it: in the
// process that tries it out, and in the host.
TEST(ProcessSecrecy, APluginThatIsBeingLoadedFindsNone) {
  const std::vector<std::vector<std::string>> all_words = {
      {"run", "--once", "M"}, {"check", "M"}, {"preview", "M"}, {"state", "show", "M"}};
  for (const std::vector<std::string>& words : all_words) {
    HostProgram host("");
    host.write_for("looker", "", "{key: {env: LOOKER_KEY}}", "");
    const std::string seen = (host.folder / "seen").string();
    const ProgramEnd end = test_support::run_program(
        host.arguments(words), {{"LOOKER_KEY", kKey},
                                {"LOOKER_SEEN", seen},
                                {"CONNECTOR_PROXY", std::string("http://u:") + kKey + "@[::1]:9"}});
    EXPECT_EQ(end.exit_code, 0) << words[0] << end.err << end.out;
    EXPECT_EQ(times_in(bytes_of(seen), "\nloaded\n"), 2) << words[0];
    EXPECT_EQ(times_in(bytes_of(seen), "LOOKER_SEEN=" + seen), 2) << words[0];
    EXPECT_EQ(times_in(bytes_of(seen), kKey), 0) << words[0];
  }
}

TEST(ProcessSecrecy, NorDoesOneOfAManifestThatIsWrong) {
  HostProgram host("");
  host.write_for("looker", "", "{key: {env: LOOKER_KEY, file: x}, key: {env: LOOKER_KEY}, 7: 8}",
                 "{type: nowhere}");
  const std::string seen = (host.folder / "seen").string();
  const ProgramEnd end = test_support::run_program(host.arguments({"run", "M"}),
                                                   {{"LOOKER_KEY", kKey}, {"LOOKER_SEEN", seen}});
  EXPECT_EQ(end.exit_code, 2) << end.err;
  EXPECT_EQ(times_in(bytes_of(seen), "\nloaded\n"), 2);
  EXPECT_EQ(times_in(bytes_of(seen), kKey), 0);
}

// From outside: closed, or, to one who may see everything, empty of it.
TEST(ProcessSecrecy, NobodyElseReadsItFromProc) {
  HostProgram host("total: 25, mood: hangs");
  Program program(host.arguments({"run", "M"}), {{"COUNTER_KEY", kKey}});
  ASSERT_TRUE(program.wait_for_err("hanging", kBounded)) << program.err();
  const std::string process = "/proc/" + std::to_string(program.pid());
  EXPECT_THAT(bytes_of(process + "/environ"), Not(HasSubstr(kKey)));
  EXPECT_THAT(bytes_of(process + "/cmdline"), HasSubstr("manifest.yaml"));
  EXPECT_THAT(bytes_of(process + "/cmdline"), Not(HasSubstr(kKey)));
  EXPECT_THAT(bytes_of(process + "/limits"), testing::ContainsRegex("Max core file size +0 +0 "));
  program.signal(SIGTERM);
  const auto end = program.wait(kBounded);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->exit_code, 0) << end->err;
}

// Whatever kills it leaves no core behind, though one was asked for.
TEST(ProcessSecrecy, ACrashLeavesNoCore) {
  HostProgram host("");
  host.write_for("troubled", "", "{}", "");
  std::string command = "ulimit -c unlimited; cd '" + host.folder.path().string() + "' && exec";
  for (const std::string& word : host.arguments({"run", "--once", "M"}))
    command += " '" + word + "'";
  const ProgramEnd end = test_support::run_program(
      {"/bin/bash", "-c", command},
      {{"TROUBLE", "abort in next_batch"}, {"ASAN_OPTIONS", "handle_abort=0:disable_coredump=0"}});
  EXPECT_EQ(end.signal, SIGABRT) << end.err;
  for (const auto& file : std::filesystem::directory_iterator(host.folder.path()))
    EXPECT_THAT(file.path().filename().string(), Not(HasSubstr("core")));
}

}  // namespace
}  // namespace host::test
