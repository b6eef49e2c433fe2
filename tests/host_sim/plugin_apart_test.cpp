// A plugin that brings down whoever loads it, beside others: what lists plugins names it and goes
// on.
#include "host_sim/plugin_apart.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <thread>

#include "tests/host_sim/host_program.hpp"

namespace host::test {
namespace {

using test_support::Program;
using test_support::ProgramEnd;
using testing::HasSubstr;
using testing::Not;

struct Trouble {
  const char* trouble;
  const char* told;
};

class PluginApart : public testing::TestWithParam<Trouble> {
 protected:
  PluginApart() { host_.write_for("troubled", "", "{}", ""); }

  ProgramEnd run(const std::vector<std::string>& words) const {
    return test_support::run_program(
        host_.arguments(words),
        {{"TROUBLE", GetParam().trouble}, {"ASAN_OPTIONS", "handle_segv=0:handle_abort=0"}});
  }
  std::string told() const {
    return std::string(TEST_PLUGINS) + "/troubled.so cannot be used: it " + GetParam().told +
           "; take it out of its folder, or replace it with one that works\n";
  }

  const HostProgram host_{""};
};

TEST_P(PluginApart, IsListedAsOneThatCrashedAndTheOthersAsWell) {
  const ProgramEnd end = run({"plugins"});
  EXPECT_EQ(end.exit_code, 0) << end.err;
  EXPECT_THAT(end.out, HasSubstr("troubled  refused: the plugin " + told()));
  EXPECT_THAT(end.out, HasSubstr("typed_settings  1.2.3  ")) << "it comes behind the other";
  EXPECT_THAT(end.out, HasSubstr("counter  ")) << "and this before it";
  EXPECT_THAT(end.err, Not(HasSubstr("crashed")));
}

TEST_P(PluginApart, IsDescribedAsOneThatCrashed) {
  const ProgramEnd end = run({"describe", "troubled"});
  EXPECT_EQ(end.exit_code, 2);
  EXPECT_EQ(end.err, "host_sim: the plugin " + told());
}

TEST_P(PluginApart, IsAMistakeOfTheManifestThatNamesIt) {
  const ProgramEnd end = run({"check", "M"});
  EXPECT_EQ(end.exit_code, 2) << end.err;
  EXPECT_THAT(end.out, HasSubstr("FAIL  plugin          " + host_.manifest() +
                                 ":6: pipelines[0].input.plugin: the plugin " + told()));
}

TEST_P(PluginApart, IsAMistakeOfTheManifestInARunToo) {
  host_.write_for("troubled", "", "{}", "{type: none}");
  const ProgramEnd end = run({"run", "--once", "M"});
  EXPECT_EQ(end.exit_code, 2) << end.err;
  EXPECT_THAT(end.err,
              HasSubstr(host_.manifest() + ":6: pipelines[0].input.plugin: the plugin " + told()));
  EXPECT_THAT(end.err, HasSubstr("pipelines[0].output.type: must be file or stdout"));
}

INSTANTIATE_TEST_SUITE_P(
    Plugin, PluginApart,
    testing::Values(Trouble{"segfault in loading", "crashed in its loading (SIGSEGV)"},
                    Trouble{"segfault in describe", "crashed in connector_describe (SIGSEGV)"},
                    Trouble{"overflow in describe", "crashed in connector_describe (SIGSEGV)"},
                    Trouble{"abort in describe", "crashed in connector_describe (SIGABRT)"},
                    Trouble{"thread in describe", "crashed in a thread of its own (SIGSEGV)"},
                    Trouble{"exit in loading", "ended the process in its loading (exit)"},
                    Trouble{"forge in loading", "writes where its host is answered"},
                    Trouble{"forge in describe", "writes where its host is answered"},
                    Trouble{"close in describe",
                            "ended the process that loaded it, or closed what that answers by"},
                    Trouble{"flood in describe", "writes over 1 MiB to its host"}),
    [](const auto& parameter) {
      std::string name = parameter.param.trouble;
      std::replace(name.begin(), name.end(), ' ', '_');
      return name;
    });

int number_behind(const std::string& says, const std::string& text) {
  const size_t at = text.find(says);
  return at == std::string::npos ? -1 : std::stoi(text.substr(at + says.size()));
}

const char* const kTroubled = TEST_PLUGINS "/troubled.so";

// What this process loads of it may do as it likes.
class HangingApart : public testing::TestWithParam<const char*> {
 protected:
  HangingApart() { ::setenv("TROUBLE", GetParam(), 1); }
  ~HangingApart() override { ::unsetenv("TROUBLE"); }
};

TEST_P(HangingApart, IsKilledWhenItsTimeIsOver) {
  const auto described = describe_apart(kTroubled, {}, std::chrono::seconds(1));
  ASSERT_FALSE(described);
  EXPECT_EQ(described.error().status, Status::kConfig);
  EXPECT_EQ(described.error().text,
            std::string("the plugin ") + kTroubled +
                " cannot be used: it hangs in connector_describe (or while it is loaded): no "
                "answer within 1 s; take it out of its folder, or replace it with one that works");
}

INSTANTIATE_TEST_SUITE_P(Plugin, HangingApart,
                         testing::Values("hang in loading", "hang in describe", "mute in describe"),
                         [](const auto& parameter) {
                           std::string name = parameter.param;
                           std::replace(name.begin(), name.end(), ' ', '_');
                           return name;
                         });

TEST(PluginThatIsWell, LeavesNoProcessBehind) {
  ASSERT_TRUE(describe_apart(TEST_PLUGINS "/counter.so"));
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

TEST(PluginThatPrints, DoesSoOnNoListOfPlugins) {
  const HostProgram host("");
  const ProgramEnd quiet = test_support::run_program(host.arguments({"plugins"}), {});
  const ProgramEnd end =
      test_support::run_program(host.arguments({"plugins"}), {{"TROUBLE", "print in describe"}});
  EXPECT_EQ(end.out, quiet.out);
  EXPECT_THAT(end.err, HasSubstr("printed by a plugin\n"));
  EXPECT_THAT(end.err, Not(HasSubstr("counter  "))) << "what was listed before came again";
}

// It has the pipe as its parent had it.
TEST(PluginThatLeavesAProcess, IsDescribedWhenItHasEndedItself) {
  const HostProgram host("");
  const ProgramEnd end = test_support::run_program(host.arguments({"describe", "troubled"}),
                                                   {{"TROUBLE", "leave in describe"}});
  const int left = number_behind("left behind: ", end.err);
  ASSERT_GT(left, 0) << end.err;
  EXPECT_EQ(::kill(left, SIGKILL), 0) << "it is still there";
  EXPECT_EQ(end.exit_code, 0) << end.err;
  EXPECT_THAT(end.out, HasSubstr("\"name\": \"troubled\""));
}

TEST(PluginThatTalks, IsHeardToTheEnd) {
  const HostProgram host("");
  const ProgramEnd end = test_support::run_program(host.arguments({"describe", "troubled"}),
                                                   {{"TROUBLE", "talk in describe"}});
  EXPECT_EQ(end.exit_code, 0) << end.err;
  EXPECT_THAT(end.out, HasSubstr(std::string(200'000, 't')));
}

// The orphan comes to this process, which sees how it ends.
TEST(PluginThatHangs, DoesNotOutliveAHostThatIsKilled) {
  ASSERT_EQ(::prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
  const HostProgram host("");
  Program program(host.arguments({"describe", "troubled"}), {{"TROUBLE", "hang in describe"}});
  ASSERT_TRUE(program.wait_for_err("\n", test_support::kBounded));
  const int child = number_behind("hanging now: ", program.err());
  ASSERT_GT(child, 0) << program.err();
  program.signal(SIGKILL);
  ASSERT_TRUE(program.wait(test_support::kBounded));
  int status = 0;
  const auto until = std::chrono::steady_clock::now() + test_support::kBounded;
  while (::waitpid(child, &status, WNOHANG) != child && std::chrono::steady_clock::now() < until)
    std::this_thread::yield();
  EXPECT_TRUE(WIFSIGNALED(status)) << "it runs on";
  if (!WIFSIGNALED(status)) ::kill(child, SIGKILL);
  ::prctl(PR_SET_CHILD_SUBREAPER, 0);
}

}  // namespace
}  // namespace host::test
