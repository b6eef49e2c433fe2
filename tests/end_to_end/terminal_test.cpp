// The live lines of `run`, on a terminal: the program's standard error is a pseudo-terminal.
#include "tests/support/terminal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>

#include "tests/end_to_end/program_world.hpp"

namespace end_to_end {
namespace {

using test_support::Program;
using test_support::Terminal;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::Not;

constexpr unsigned short kColumns = 250;  // no message of these runs is as wide
const char* const kMessage = "[0-9-]+T[0-9:.]+Z (info|warning|error) .*";

class OnATerminal : public testing::Test {
 protected:
  OnATerminal() {
    world_.settings["requests_per_second"] = "10";
    world_.environment["TERM"] = "xterm";
    world_.settings["backfill_start_time"] = "-20d";
    world_.add_history(1000, 20 * 86'400);  // some seconds' worth, in windows of a day and more
  }

  void start(const std::vector<std::string>& words) {
    std::string command = "exec";
    for (const std::string& word : world_.arguments(words)) command += " '" + word + "'";
    run_shell(command + " 2> " + terminal_.path());
  }
  // The same, and what is typed there reaches the program.
  void start_in_front(const std::vector<std::string>& words) {
    std::string command = "exec setsid --ctty";
    for (const std::string& word : world_.arguments(words)) command += " '" + word + "'";
    run_shell(command + " < " + terminal_.path() + " 2> " + terminal_.path());
  }
  void run_shell(const std::string& command) {
    program_ = std::make_unique<Program>(test_support::Arguments{"/bin/bash", "-c", command},
                                         world_.environment);
  }
  test_support::ProgramEnd end() {
    const auto end = program_->wait(kBounded);
    EXPECT_TRUE(end) << terminal_.written();
    return end.value_or(test_support::ProgramEnd());
  }
  std::vector<std::string> rows() const { return terminal_.screen().rows(); }
  // Until a row is there that matches.
  bool comes_to_show(const std::string& pattern) const {
    const std::regex wanted(pattern);
    return comes_true([&] {
      const std::vector<std::string> now = rows();
      return std::any_of(now.begin(), now.end(),
                         [&](const std::string& row) { return std::regex_match(row, wanted); });
    });
  }
  // Of the live line that stands there; 0 where there is none.
  size_t width() const {
    const std::vector<std::string> now = rows();
    return now.empty() || !now.back().starts_with("test  ") ? 0 : now.back().size();
  }

  ProgramWorld world_;
  Terminal terminal_{kColumns, 40};
  std::unique_ptr<Program> program_;
};

TEST_F(OnATerminal, ABackfillIsABarThatLeavesNothingBehind) {
  start({"run", "--once", "M"});
  EXPECT_TRUE(comes_to_show("test  20[0-9-]+ \\[#*-+\\] 20[0-9-]+  [0-9.]+ %  [0-9]+ records .*"));
  EXPECT_EQ(end().exit_code, 0);
  EXPECT_EQ(world_.lines(), world_.expected());
  const std::vector<std::string> left = terminal_.screen().lines();
  EXPECT_THAT(left, Each(MatchesRegex(kMessage))) << "no line, and none in the middle of a message";
  const auto count = [&](const std::string& text) {
    return std::count_if(left.begin(), left.end(), [&](const std::string& row) {
      return row.find(text) != std::string::npos;
    });
  };
  EXPECT_EQ(count("test: initializing"), 1);
  EXPECT_EQ(count("test: caught up: "), 1);
  EXPECT_EQ(count("test: backfill "), 1) << "the bar says it: only that it is complete is logged";
}

// What a record holds cannot steer the terminal of whoever looks at it; elsewhere it is untouched.
TEST_F(OnATerminal, APreviewedRecordIsShownWithoutWhatSteersIt) {
  const int64_t now_s = world_.server().now_ns() / fake_aikido::kSecond;
  const std::string id = R"({"id":4711,"timestamp":)" + std::to_string(now_s - 60);
  const std::string raw = id + ",\"x\":\"\x7f\u009b\u061c\u200b\u202e\u00e4\u2713\"}";
  world_.server().organisation().add({.time_s = now_s - 60, .number = 4711, .text = raw});
  const std::vector<std::string> words = {"preview", "-n", "2000", "M"};
  EXPECT_THAT(world_.run(words).out, HasSubstr(raw + "\n"));
  std::string command = "exec";
  for (const std::string& word : world_.arguments(words)) command += " '" + word + "'";
  program_ = std::make_unique<Program>(
      test_support::Arguments{"/bin/bash", "-c", command + " > " + terminal_.path()},
      world_.environment);
  EXPECT_EQ(end().exit_code, 0);
  EXPECT_THAT(terminal_.written(),
              HasSubstr(id + R"(,"x":"\u007f\u009b\u061c\u200b\u202e)" + "\u00e4\u2713\"}"));
}

// What follows the last record takes as long again, and more: nobody is to think that it hangs.
TEST_F(OnATerminal, APreviewSaysWhatIsStillToComeOnceTheRecordsAreThere) {
  world_.settings["requests_per_second"] = "0.9";
  start({"preview", "-n", "5", "M"});
  EXPECT_EQ(end().exit_code, 0);
  const std::string written = terminal_.written();
  const size_t told = written.find("the records are complete; to come is an estimate of what ");
  ASSERT_NE(told, std::string::npos) << written;
  EXPECT_EQ(written.find("the records are complete", told + 1), std::string::npos) << written;
  EXPECT_GT(written.find("a full run would read from "), told);
  EXPECT_THAT(world_.run({"preview", "-n", "5", "M"}).err, Not(HasSubstr("are complete")))
      << "a program that reads it waits for the end";
}

TEST_F(OnATerminal, RecordsOnStdoutStayAlone) {
  world_.output_yaml = "{type: stdout}";
  start({"run", "--once", "M"});
  EXPECT_TRUE(comes_to_show("test  .*\\[#*-+\\].*")) << "stdout is none";
  const test_support::ProgramEnd ended = end();
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_THAT(ended.err, IsEmpty());
  std::istringstream out(ended.out);
  size_t records = 0;
  for (std::string line; std::getline(out, line); ++records)
    EXPECT_TRUE(nlohmann::json::accept(line)) << line;
  EXPECT_EQ(records, 1000u);
}

TEST_F(OnATerminal, NoLineIsWiderThanItEverBecomes) {
  world_.settings["requests_per_second"] = "2";
  terminal_.resize(90, 40);
  start({"run", "M"});
  ASSERT_TRUE(comes_to_show("test  .*\\[#*-+\\].*left.*"));
  EXPECT_TRUE(comes_true([&] { return width() > 80 && width() <= 87; }))
      << "the bar takes what there is, and leaves room for what is typed";
  terminal_.resize(50, 40);
  ASSERT_TRUE(comes_true([&] { return width() > 0 && width() < 48; }));
  program_->signal(SIGTERM);
  EXPECT_EQ(end().exit_code, 0);
  EXPECT_THAT(terminal_.screen().lines(), Each(MatchesRegex(kMessage))) << "of no frame a part";
}

// The terminal shows ^C behind the line, wherever that ends.
TEST_F(OnATerminal, CtrlCLeavesNoBrokenLine) {
  world_.settings["requests_per_second"] = "2";
  terminal_.resize(80, 40);
  start_in_front({"run", "M"});
  ASSERT_TRUE(comes_to_show("test  .*\\[#*-+\\].*left.*"));
  ASSERT_TRUE(comes_true([&] { return width() > 70; })) << "it fills the terminal";
  terminal_.type("\x03");
  EXPECT_EQ(end().exit_code, 0);
  EXPECT_THAT(terminal_.written(), HasSubstr("^C")) << "the terminal echoes it";
  EXPECT_THAT(terminal_.written(), HasSubstr("stopping: "));
  EXPECT_THAT(terminal_.screen().lines(), Each(MatchesRegex(kMessage)));
}

TEST_F(OnATerminal, EachPipelineHasALine) {
  world_.repeat_pipeline("second");
  start({"run", "M"});
  EXPECT_TRUE(comes_to_show("test  .* records.*"));
  EXPECT_TRUE(comes_to_show("second  .* records.*"));
  program_->signal(SIGTERM);
  EXPECT_EQ(end().exit_code, 0);
  EXPECT_THAT(terminal_.screen().lines(), Each(MatchesRegex(kMessage)));
}

TEST_F(OnATerminal, FiveHaveATotal) {
  for (const char* name : {"two", "three", "four", "five"}) world_.repeat_pipeline(name);
  start({"run", "M"});
  EXPECT_TRUE(comes_to_show("5 pipelines: [^\\[]*\\[#*-+\\].* records.*"));
  program_->signal(SIGTERM);
  EXPECT_EQ(end().exit_code, 0);
  EXPECT_THAT(terminal_.screen().lines(), Each(MatchesRegex(kMessage)));
}

TEST_F(OnATerminal, OneThatCannotBeSteeredGetsPlainLines) {
  world_.environment["TERM"] = "dumb";
  start({"run", "--once", "M"});
  EXPECT_EQ(end().exit_code, 0);
  EXPECT_THAT(terminal_.written(), Not(HasSubstr("\033")));
  EXPECT_THAT(terminal_.written(), HasSubstr("test: backfill "));
}

}  // namespace
}  // namespace end_to_end
