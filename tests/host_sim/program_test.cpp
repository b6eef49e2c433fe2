// The program and its commands, as an operator meets them.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>

#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "host_sim/descriptor.hpp"
#include "tests/host_sim/host_program.hpp"
#include "tests/host_sim/host_rig.hpp"

namespace host::test {
namespace {

using test_support::kBounded;
using test_support::Program;
using test_support::ProgramEnd;
using test_support::read_lines;
using test_support::run_program;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// To an end that waits for nothing; far below the grace of 5 s for calls that hang.
constexpr std::chrono::milliseconds kPrompt(4000);

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

TEST(Run, OnceEndsWhenCaughtUp) {
  const HostProgram host("total: 25");
  const ProgramEnd end = host.run({"run", "--once", "M"});
  EXPECT_EQ(end.exit_code, 0) << end.err;
  EXPECT_THAT(end.out, IsEmpty()) << "records go to the output, all else to stderr";
  EXPECT_THAT(end.err, HasSubstr("count: caught up: 25 records in all"));
  EXPECT_THAT(end.err, HasSubstr("count: backfill complete, 25 records"));
  EXPECT_THAT(end.err, HasSubstr("the key is [secret]"));
  EXPECT_THAT(end.err, Not(HasSubstr("k3y-of-c0unter")));
  EXPECT_EQ(read_lines(host.output()), counted(25));
}

TEST(Run, RecordsToStdout) {
  const HostProgram host("total: 25", "{type: stdout}");
  EXPECT_EQ(host.run({"run", "--once", "M"}).out, joined(counted(25)));
  EXPECT_THAT(host.run({"run", "--once", "M"}).out, IsEmpty());
}

TEST(Run, AReaderThatGoesEndsIt) {
  const HostProgram host("total: 1000000", "{type: stdout}");
  std::string command = "set -o pipefail; ";
  for (const std::string& word : host.arguments({"run", "M"})) command += "'" + word + "' ";
  const ProgramEnd end =
      run_program({"/bin/bash", "-c", command + "| head -n 3"}, HostProgram::environment());
  EXPECT_EQ(end.exit_code, 1);
  EXPECT_EQ(end.out, joined(counted(3)));
  EXPECT_THAT(end.err, HasSubstr("stdout: its reader has gone"));
}

// Nothing is lost by it: what the reader did not take was not committed.
TEST(Run, ASignalEndsAWriteThatItsReaderDoesNotTake) {
  const HostProgram host("total: 1000000, batch: 1000", "{type: stdout}");
  const std::string pipe = host.folder / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const Descriptor reader(::open(pipe.c_str(), O_RDWR | O_CLOEXEC));
  std::string command = "exec ";
  for (const std::string& word : host.arguments({"run", "M"})) command += "'" + word + "' ";
  Program program({"/bin/bash", "-c", command + "> '" + pipe + "'"}, HostProgram::environment());
  const auto is_full = [&] {
    pollfd room{reader.number(), POLLOUT, 0};
    return ::poll(&room, 1, 0) == 0;
  };
  for (int i = 0; i < 6000 && !is_full(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  ASSERT_TRUE(is_full()) << program.err();
  program.signal(SIGTERM);
  const auto end = program.wait(kPrompt);
  ASSERT_TRUE(end) << "was not ended at once";
  EXPECT_EQ(end->exit_code, 0) << end->err;
}

// Schema, secret and plugin: one run tells of all three, in the order of the manifest's lines.
TEST(Run, EveryMistakeIsToldInOneGo) {
  const HostProgram host("total: 25, mood: refuses, batch: many", "{type: file, path: .}");
  ProgramEnd end = run_program(host.arguments({"run", "M"}), {{"COUNTER_KEY", ""}});
  EXPECT_EQ(end.exit_code, 2);
  const auto line = [&](int number, const std::string& text) {
    return HasSubstr("manifest.yaml:" + std::to_string(number) + ": " + text);
  };
  EXPECT_THAT(end.err, line(7, "pipelines[0].input.settings.batch: must be "));
  EXPECT_THAT(end.err, line(7, "pipelines[0].input.settings.total: is too much; give less"));
  EXPECT_THAT(end.err, line(8, "pipelines[0].input.secrets.key: "));
  EXPECT_THAT(end.err, line(9, "pipelines[0].output.path: "));
  EXPECT_THAT(end.err, HasSubstr("is a folder"));
  EXPECT_FALSE(std::filesystem::exists(host.folder / "host.db"));

  host.write("total: 25, mood: refuses");
  end = run_program(host.arguments({"run", "M"}), {{"COUNTER_KEY", ""}});
  EXPECT_EQ(end.exit_code, 2);
  EXPECT_THAT(end.err, line(7, "pipelines[0].input.settings.total: is too much; give less"));
  EXPECT_THAT(end.err, line(8, "pipelines[0].input.secrets.key: "));
}

TEST(Run, MistakesAreLinesOfTheLogForProgramsToo) {
  const HostProgram host("total: 25, batch: many, more: 1");
  const ProgramEnd end = host.run({"--log-format", "json", "run", "M"});
  EXPECT_EQ(end.exit_code, 2);
  std::istringstream err(end.err);
  std::vector<std::string> texts;
  for (std::string line; std::getline(err, line);) {
    const auto entry = nlohmann::json::parse(line, nullptr, false);
    ASSERT_TRUE(entry.is_object()) << line;
    EXPECT_EQ(entry.value("level", ""), "error") << line;
    texts.push_back(entry.value("text", ""));
  }
  EXPECT_THAT(texts, testing::UnorderedElementsAre(
                         HasSubstr("manifest.yaml:7: pipelines[0].input.settings.batch: must be "),
                         HasSubstr("manifest.yaml:7: pipelines[0].input.settings.more: ")));
}

TEST(Run, WhatTheSettingsLackIsToldWithItsLine) {
  const HostProgram host("total: 25, mood: refuses");
  const ProgramEnd end = host.run({"run", "M"});
  EXPECT_EQ(end.exit_code, 2);
  EXPECT_THAT(end.err, HasSubstr("manifest.yaml:7: "));
  EXPECT_THAT(end.err, HasSubstr("is too much; give less"));
  EXPECT_FALSE(std::filesystem::exists(host.output()));
}

TEST(Run, AWrongKeyEndsOnce) {
  const HostProgram host("total: 25, mood: auth");
  const ProgramEnd end = host.run({"run", "--once", "M"});
  EXPECT_EQ(end.exit_code, 1);
  EXPECT_THAT(end.err, HasSubstr("stopped: the key is refused; check it"));
}

TEST(Run, ASignalEndsAHangingCallAndALongWait) {
  for (const int number : {SIGTERM, SIGINT})
    for (const char* mood : {"hangs", "waits"}) {
      const HostProgram host("total: 25, mood: " + std::string(mood));
      Program program(host.arguments({"run", "M"}), HostProgram::environment());
      ASSERT_TRUE(
          program.wait_for_err(mood == std::string("hangs") ? "hanging" : "throttled", kBounded))
          << program.err();
      program.signal(number);
      const auto end = program.wait(kPrompt);
      ASSERT_TRUE(end) << mood << " was not ended at once";
      EXPECT_EQ(end->exit_code, 0) << end->err;
      EXPECT_THAT(end->err, HasSubstr("stopping"));
    }
}

// `timeout` and others send to a process and to its group.
TEST(Run, TwoSignalsAtOnceAreOneWish) {
  const HostProgram host("total: 25, mood: hangs");
  Program program(host.arguments({"run", "M"}), HostProgram::environment());
  ASSERT_TRUE(program.wait_for_err("hanging", kBounded)) << program.err();
  program.signal(SIGTERM);
  program.signal(SIGINT);
  const auto end = program.wait(kPrompt);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->exit_code, 0) << end->err;
}

TEST(Run, ASecondHostIsTurnedAway) {
  const HostProgram host("total: 25, mood: hangs");
  Program first(host.arguments({"run", "M"}), HostProgram::environment());
  ASSERT_TRUE(first.wait_for_err("hanging", kBounded));
  const ProgramEnd second = host.run({"run", "--once", "M"});
  EXPECT_EQ(second.exit_code, 1) << "a run that ends does not wait for it";
  EXPECT_THAT(second.err,
              HasSubstr("is in use by another host (process " + std::to_string(first.pid()) + ")"));
  EXPECT_EQ(host.run({"state", "show", "M"}).exit_code, 0) << "a look is free";
  EXPECT_THAT(host.run({"state", "reset", "M", "--yes"}).err, HasSubstr("is in use"));
  EXPECT_THAT(host.run({"state", "reset", "M"}).err,
              testing::AllOf(HasSubstr("is in use"), Not(HasSubstr("[y/N]"))))
      << "no question that no answer helps";
  const ProgramEnd check = host.run({"check", "M"});
  EXPECT_EQ(check.exit_code, 1);
  EXPECT_THAT(check.out, HasSubstr("FAIL  state"));
  EXPECT_THAT(check.out, HasSubstr("is in use by another host"));
  const ProgramEnd preview = host.run({"preview", "M"});
  EXPECT_EQ(preview.exit_code, 1);
  EXPECT_THAT(preview.err, HasSubstr("is in use by another host"));
}

TEST(Check, NamesEachStepAndTheRemedy) {
  const HostProgram good("total: 25");
  ProgramEnd end = good.run({"check", "M"});
  EXPECT_EQ(end.exit_code, 0) << end.err;
  EXPECT_THAT(end.out, HasSubstr("ok    network         it answers\n"));
  EXPECT_THAT(end.out, HasSubstr("ok    key             taken\n"));
  const HostProgram bad("total: 25, mood: auth");
  end = bad.run({"check", "M"});
  EXPECT_EQ(end.exit_code, 1);
  EXPECT_THAT(end.out, HasSubstr("FAIL  key             refused; check it\n"));
  const HostProgram wrong("total: 25, mood: refuses");
  end = wrong.run({"check", "M"});
  EXPECT_EQ(end.exit_code, 2);
  EXPECT_THAT(end.out,
              HasSubstr("FAIL  settings        " + wrong.manifest() +
                        ":7: pipelines[0].input.settings.total: is too much; give less\n"));
  for (const HostProgram* host : {&good, &bad, &wrong})
    EXPECT_FALSE(std::filesystem::exists(host->folder / "host.db")) << "nothing is changed";
}

// Of the schema, of the plugin, of the secrets and of the rest, each under its step.
TEST(Check, NamesEveryMistakeOfTheManifest) {
  const HostProgram host("total: 25, mood: refuses, batch: many", "{type: file, path: .}");
  const ProgramEnd end = run_program(host.arguments({"check", "M"}), {{"COUNTER_KEY", ""}});
  EXPECT_EQ(end.exit_code, 2);
  const auto says = [&](const std::string& step, int line, const std::string& text) {
    const std::string padded = step + std::string(16 - step.size(), ' ');
    return HasSubstr("FAIL  " + padded + host.manifest() + ":" + std::to_string(line) +
                     ": pipelines[0]." + text);
  };
  EXPECT_THAT(end.out, says("settings", 7, "input.settings.batch: must be "));
  EXPECT_THAT(end.out, says("settings", 7, "input.settings.total: is too much; give less\n"));
  EXPECT_THAT(end.out, says("secrets", 8, "input.secrets.key: "));
  EXPECT_THAT(end.out, says("manifest", 9, "output.path: "));
  EXPECT_THAT(end.err, IsEmpty());
}

// A program that sorts by pipeline finds them, as a person does below the pipeline's name.
TEST(Check, NamesThePipelineOfAMistake) {
  const HostProgram host("total: 25, batch: many", "{type: file, path: .}");
  const auto arguments = [&host](const std::string& way) {
    return host.arguments({"check", way, "M"});
  };
  const ProgramEnd end = run_program(arguments("--json"), {{"COUNTER_KEY", ""}});
  std::istringstream out(end.out);
  std::vector<std::string> steps;
  for (std::string line; std::getline(out, line);) {
    const auto step = nlohmann::json::parse(line);
    EXPECT_EQ(step["pipeline"], "count") << line;
    steps.push_back(step["step"]);
  }
  EXPECT_THAT(steps, testing::ElementsAre("settings", "secrets", "manifest"));
  EXPECT_THAT(run_program(host.arguments({"check", "M"}), {{"COUNTER_KEY", ""}}).out,
              testing::StartsWith("count\nFAIL  settings "));
}

// Those of two that have one name, too: below their lines.
TEST(Check, TellsPipelinesOfOneNameApartByTheirLines) {
  const HostProgram host("");
  std::string manifest = "version: 1\nstate: host.db\npipelines:\n";
  for (const char* batch : {"many", "few"})
    manifest += std::string("  - name: twin\n    input:\n      plugin: counter\n") +
                "      settings: {total: 5, batch: " + batch + "}\n" +
                "      secrets: {key: {env: COUNTER_KEY}}\n    output: {type: stdout}\n";
  test_support::write_file(host.manifest(), manifest);
  const ProgramEnd end = host.run({"check", "M"});
  EXPECT_EQ(end.exit_code, 2);
  EXPECT_THAT(end.out, testing::StartsWith("twin (line 4)\nFAIL  settings "));
  const size_t second = end.out.find("\ntwin (line 10)\nFAIL  ");
  ASSERT_NE(second, std::string::npos) << end.out;
  EXPECT_THAT(end.out.substr(second),
              testing::AllOf(HasSubstr(":13: pipelines[1].input.settings.batch: "),
                             HasSubstr(":10: pipelines[1].name: is the name of pipelines[0] at "
                                       "line 4, too; give each its own")));
}

// A secret alone is found by another way than the rest.
TEST(Run, NamesThePipelineOfAMistakeToPrograms) {
  for (const char* settings : {"total: 25, batch: many", "total: 25"}) {
    const HostProgram host(settings);
    const ProgramEnd end =
        run_program(host.arguments({"--log-format", "json", "run", "M"}), {{"COUNTER_KEY", ""}});
    EXPECT_EQ(end.exit_code, 2);
    std::istringstream err(end.err);
    for (std::string line; std::getline(err, line);)
      EXPECT_EQ(nlohmann::json::parse(line).value("pipeline", ""), "count") << line;
    EXPECT_THAT(end.err, HasSubstr("secrets.key"));
  }
}

TEST(Check, SaysWhereAPluginHasNoLiveTest) {
  const HostProgram host("total: 25");
  host.write_for("typed_settings", "client_id: x", "{client_secret: {env: COUNTER_KEY}}", "");
  const ProgramEnd end = host.run({"check", "M"});
  EXPECT_THAT(end.out, HasSubstr("ok    live_test       typed_settings has none: nothing was asked "
                                 "of its service\n"));
}

TEST(Preview, PrintsSomeRecordsAndTouchesNothing) {
  const HostProgram host("total: 3");
  const ProgramEnd end = host.run({"preview", "-n", "25", "M"});
  EXPECT_EQ(end.exit_code, 0) << end.err;
  EXPECT_EQ(end.out, joined(counted(25))) << "with the plugin's settings for a preview";
  EXPECT_THAT(end.err, HasSubstr("what a full run would fetch is not known: its plugin tells no "
                                 "range of time\n"));
  EXPECT_FALSE(std::filesystem::exists(host.output()));
  EXPECT_FALSE(std::filesystem::exists(host.folder / "host.db"));
}

}  // namespace
}  // namespace host::test
