// Closed and full standard streams, and signals at the first moment: whatever starts the program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <fstream>

#include "tests/host_sim/host_program.hpp"
#include "tests/host_sim/host_rig.hpp"

namespace host::test {
namespace {

using test_support::kBounded;
using test_support::Program;
using test_support::ProgramEnd;
using test_support::read_file;
using test_support::read_lines;
using test_support::run_program;
using testing::HasSubstr;

// The program behind a shell that does something to its streams.
ProgramEnd run_with(const HostProgram& host, const std::vector<std::string>& words,
                    const std::string& redirection) {
  std::string command = "exec";
  for (const std::string& word : host.arguments(words)) command += " '" + word + "'";
  return run_program({"/bin/bash", "-c", command + " " + redirection}, HostProgram::environment());
}

TEST(ClosedStream, NothingOfTheStateTakesItsPlace) {
  for (const char* closed : {">&-", "2>&-", "<&-", "<&- >&- 2>&-"}) {
    const HostProgram host("total: 25");
    const ProgramEnd end = run_with(host, {"run", "--once", "M"}, closed);
    EXPECT_EQ(end.exit_code, 0) << closed << end.err;
    EXPECT_EQ(read_lines(host.output()), counted(25)) << closed;
    const std::string lock = read_file((host.folder / "host.db.lock").string());
    EXPECT_THAT(lock, testing::MatchesRegex("host process [0-9]+\nstate made\nrun 0+1\n"
                                            "file [0-9]+ [0-9]+\ncommit [0-9]+\n"))
        << closed;
    const ProgramEnd shown = host.run({"state", "show", "M"});
    EXPECT_EQ(shown.exit_code, 0) << closed << shown.err;
    EXPECT_THAT(shown.out, HasSubstr("records          25\n")) << closed;
  }
}

TEST(ClosedStream, RecordsForNobodyAreNotCommitted) {
  const HostProgram host("total: 25", "{type: stdout}");
  for (const char* unusable : {">&-", "1</dev/null"}) {
    const ProgramEnd end = run_with(host, {"run", "--once", "M"}, unusable);
    EXPECT_EQ(end.exit_code, 1) << unusable;
    EXPECT_THAT(end.err, HasSubstr("manifest.yaml: pipelines[0].output: goes to stdout, which is "
                                   "closed; give it a reader, or say {type: file, path: PATH}\n"));
  }
  std::string all;
  for (const std::string& line : counted(25)) all += line + "\n";
  EXPECT_EQ(host.run({"run", "--once", "M"}).out, all);
}

TEST(FullStream, WhatWasNotPrintedIsAFailure) {
  const HostProgram host("total: 25");
  ASSERT_EQ(host.run({"run", "--once", "M"}).exit_code, 0);
  for (const std::vector<std::string>& words : {std::vector<std::string>{"state", "export", "M"},
                                                {"state", "show", "M"},
                                                {"preview", "M"},
                                                {"check", "M"},
                                                {"describe", "counter"},
                                                {"plugins"},
                                                {"--help"},
                                                {"--version"}})
    for (const char* unusable : {">/dev/full", ">&-"}) {
      const ProgramEnd end = run_with(host, words, unusable);
      EXPECT_EQ(end.exit_code, 1) << words[0] << " " << unusable;
      EXPECT_THAT(end.err, HasSubstr("host_sim: stdout cannot be written; what was printed is "
                                     "incomplete\n"))
          << words[0] << " " << unusable;
    }
}

// The manifest is a pipe, so that the program waits for it and nothing of the host is there yet.
TEST(EarlySignal, EndsARunBeforeItBegan) {
  for (const int number : {SIGTERM, SIGINT}) {
    const HostProgram host("total: 25");
    const std::string text = read_file(host.manifest());
    std::filesystem::remove(host.manifest());
    ASSERT_EQ(::mkfifo(host.manifest().c_str(), 0600), 0);
    Program program(host.arguments({"run", "M"}), HostProgram::environment());
    std::ofstream manifest(host.manifest());  // opens when the program does
    program.signal(number);
    ASSERT_TRUE(program.wait_for_err("stopping", kBounded)) << program.err();
    manifest << text << std::flush;
    manifest.close();
    const auto end = program.wait(kBounded);
    ASSERT_TRUE(end);
    EXPECT_EQ(end->exit_code, 0) << end->err;
    EXPECT_EQ(end->signal, 0);
  }
}

TEST(EarlySignal, EndsALookAtOnce) {
  const HostProgram host("total: 25");
  std::filesystem::remove(host.manifest());
  ASSERT_EQ(::mkfifo(host.manifest().c_str(), 0600), 0);
  Program program(host.arguments({"check", "M"}), HostProgram::environment());
  const std::ofstream manifest(host.manifest());
  program.signal(SIGINT);
  const auto end = program.wait(kBounded);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->signal, SIGINT);
}

}  // namespace
}  // namespace host::test
