// A plugin that crashes or hangs, in the real program: the last words name the plugin, the pipeline
// and the call; the exit is never held up; and the next run finds every record once.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "tests/host_sim/host_program.hpp"
#include "tests/host_sim/host_rig.hpp"

namespace host::test {
namespace {

using test_support::kBounded;
using test_support::Program;
using test_support::ProgramEnd;
using test_support::read_lines;
using testing::HasSubstr;
using testing::Not;

class Troubled : public testing::Test {
 protected:
  Troubled() { host_.write_for("troubled", "", "{}", ""); }

  // A sanitizer that takes the signals over would end the process in its own way.
  static test_support::Environment environment(const std::string& trouble) {
    return {{"TROUBLE", trouble}, {"ASAN_OPTIONS", "handle_segv=0:handle_abort=0"}};
  }
  ProgramEnd run(const std::string& trouble, const test_support::Arguments& words) {
    return test_support::run_program(host_.arguments(words), environment(trouble));
  }
  void expect_all_is_read_once() {
    const ProgramEnd end = run("", {"run", "--once", "M"});
    EXPECT_EQ(end.exit_code, 0) << end.err;
    EXPECT_EQ(read_lines(host_.output()), counted(30));
  }

  HostProgram host_{""};
};

struct Fatal {
  const char* kind;
  const char* call;
  int signal;  // 0: exit code 1
  const char* says;
};

class Crashing : public Troubled, public testing::WithParamInterface<Fatal> {};

TEST_P(Crashing, IsToldWithThePluginThePipelineAndTheCall) {
  const Fatal& fatal = GetParam();
  const std::string call = fatal.call;
  const ProgramEnd end = run(std::string(fatal.kind) + " in " + call, {"run", "--once", "M"});
  EXPECT_EQ(end.signal, fatal.signal) << end.err;
  EXPECT_EQ(end.exit_code, fatal.signal == 0 ? 1 : -1);
  const std::string name = call == "release" ? "a batch's release" : "connector_" + call;
  EXPECT_THAT(end.err, HasSubstr("host_sim: count: the plugin troubled " + std::string(fatal.says) +
                                 " in " + name + " ("));
  EXPECT_THAT(end.err, HasSubstr("); what was not committed is read again at the next start\n"));
  expect_all_is_read_once();
}

INSTANTIATE_TEST_SUITE_P(Plugin, Crashing,
                         testing::Values(Fatal{"segfault", "init", SIGSEGV, "crashed"},
                                         Fatal{"segfault", "configure", SIGSEGV, "crashed"},
                                         Fatal{"segfault", "next_batch", SIGSEGV, "crashed"},
                                         Fatal{"segfault", "release", SIGSEGV, "crashed"},
                                         Fatal{"segfault", "destroy", SIGSEGV, "crashed"},
                                         Fatal{"overflow", "next_batch", SIGSEGV, "crashed"},
                                         Fatal{"abort", "next_batch", SIGABRT, "crashed"},
                                         Fatal{"exit", "next_batch", 0, "ended the process"},
                                         Fatal{"exit", "configure", 0, "ended the process"}),
                         [](const auto& parameter) {
                           return std::string(parameter.param.kind) + "_in_" + parameter.param.call;
                         });

// It comes when the host ends; an idle one may have let go of the instance before.
TEST_F(Troubled, ACrashInCancelIsToldWithThePipelineAndTheCall) {
  ProgramEnd end;
  end.exit_code = 0;
  for (int i = 0; end.exit_code == 0 && i < 20; ++i) {
    Program program(host_.arguments({"run", "M"}), environment("segfault in cancel"));
    ASSERT_TRUE(program.wait_for_err("running", kBounded)) << program.err();
    program.signal(SIGTERM);
    end = program.wait(kBounded).value_or(ProgramEnd{});
  }
  EXPECT_EQ(end.signal, SIGSEGV) << end.err;
  EXPECT_THAT(end.err, HasSubstr("host_sim: count: the plugin troubled crashed in "
                                 "connector_cancel (SIGSEGV); "));
  expect_all_is_read_once();
}

TEST_F(Troubled, ACrashIsOneJsonObjectInAJsonLog) {
  const ProgramEnd end =
      run("segfault in next_batch", {"--log-format", "json", "run", "--once", "M"});
  EXPECT_THAT(end.err,
              HasSubstr(R"({"level":"error","pipeline":"count","text":"the plugin troubled )"
                        R"(crashed in connector_next_batch (SIGSEGV); what was not )"
                        R"(committed is read again at the next start"})"
                        "\n"));
  EXPECT_THAT(end.err, Not(HasSubstr("host_sim: ")));
}

TEST_F(Troubled, ACrashInACheckIsToldToo) {
  const ProgramEnd end = run("segfault in configure", {"check", "M"});
  EXPECT_EQ(end.signal, SIGSEGV);
  EXPECT_THAT(end.err, HasSubstr("count: the plugin troubled crashed in connector_configure"));
}

// Which plugin a thread belongs to is not known, so none is named, and the host is not blamed.
TEST_F(Troubled, ACrashOnAThreadOfAPluginIsNotCalledTheHosts) {
  const ProgramEnd end = run("thread in next_batch", {"run", "--once", "M"});
  EXPECT_EQ(end.signal, SIGSEGV) << end.err;
  EXPECT_THAT(end.err, HasSubstr("host_sim: the host crashed outside of every call into a plugin: "
                                 "in the host itself, or on a thread that a plugin has started "
                                 "(SIGSEGV); what was not committed is read again at the next "
                                 "start\n"));
  expect_all_is_read_once();
}

class Hanging : public Troubled, public testing::WithParamInterface<const char*> {
 protected:
  ProgramEnd end_of_a_run_that_hangs_in(const std::string& call) {
    Program program(host_.arguments({"run", "M"}), environment("hang in " + call));
    // Those two come when the host ends.
    const bool at_the_end = call == "cancel" || call == "destroy";
    EXPECT_TRUE(program.wait_for_err(at_the_end ? "running" : "hanging now", kBounded))
        << program.err();
    while (at_the_end && read_lines(host_.output()).size() < 30) std::this_thread::yield();
    program.signal(SIGTERM);
    const auto end = program.wait(kBounded);
    EXPECT_TRUE(end);
    return end.value_or(ProgramEnd{});
  }
};

// Whatever it hangs in, a signal ends the host within the grace, which names the call; what was
// committed before stays, the rest is read again.
TEST_P(Hanging, IsNamedAndLeftBehindWhenTheHostEnds) {
  const std::string call = GetParam();
  ProgramEnd end = end_of_a_run_that_hangs_in(call);
  // An idle host may have let go of an instance before it comes to cancel it.
  for (int i = 0; call == "cancel" && end.exit_code == 0 && i < 20; ++i)
    end = end_of_a_run_that_hangs_in(call);
  EXPECT_EQ(end.exit_code, 1) << end.err;
  const std::string name = call == "release" ? "a batch's release" : "connector_" + call;
  EXPECT_THAT(end.err, HasSubstr("count: does not stop: " + name +
                                 " of the plugin troubled has not returned; it is abandoned, and "
                                 "what it did not commit is read again"));
  expect_all_is_read_once();
}

// Who asks a second time does not want to wait for the grace.
TEST_F(Troubled, ALaterSignalEndsAHangingHostAtOnce) {
  Program program(host_.arguments({"run", "M"}), environment("hang in next_batch"));
  ASSERT_TRUE(program.wait_for_err("hanging now", kBounded)) << program.err();
  program.signal(SIGTERM);
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));
  program.signal(SIGTERM);
  const auto end = program.wait(kBounded);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->exit_code, 1) << end->err;
  EXPECT_THAT(end->err, Not(HasSubstr("has not returned"))) << "it did not wait for that";
  expect_all_is_read_once();
}

// A stop has to end what is not yet a host, too.
class HangingEarly : public Troubled {
 protected:
  // Of a program that nothing but the signal ends.
  static ProgramEnd end_of(Program& program) {
    program.signal(SIGTERM);
    const auto end = program.wait(kBounded);
    EXPECT_TRUE(end) << program.err();
    return end.value_or(ProgramEnd{});
  }
};

TEST_F(HangingEarly, InAPluginThatIsBeingLoadedIsNamedWhenTheGraceIsOver) {
  for (const std::string call : {"loading", "describe"}) {
    Program program(host_.arguments({"run", "M"}), environment("hang in " + call));
    ASSERT_TRUE(program.wait_for_err("hanging now", kBounded)) << program.err();
    const ProgramEnd end = end_of(program);
    EXPECT_EQ(end.exit_code, 1) << end.err;
    EXPECT_THAT(end.err, HasSubstr("host_sim: the plugin troubled has not returned from its "
                                   "loading or connector_describe (the host has to stop); "));
  }
  expect_all_is_read_once();
}

TEST_F(HangingEarly, InARehearsalIsNamedWithItsPipeline) {
  host_.write_for("troubled", "", "{}", "{type: file, path: manifest.yaml}");
  Program program(host_.arguments({"run", "M"}), environment("hang in configure"));
  ASSERT_TRUE(program.wait_for_err("hanging now", kBounded)) << program.err();
  const ProgramEnd end = end_of(program);
  EXPECT_EQ(end.exit_code, 1) << end.err;
  EXPECT_THAT(end.err, HasSubstr("host_sim: count: the plugin troubled has not returned from "
                                 "connector_configure"));
}

TEST_F(HangingEarly, InAManifestThatDoesNotEndIsTold) {
  const std::string fifo = (host_.folder / "fifo").string();
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  Program program(host_.arguments({"run", fifo}), environment(""));
  int writer = -1;  // can be opened when the host reads
  const auto deadline = std::chrono::steady_clock::now() + kBounded;
  while (writer < 0 && std::chrono::steady_clock::now() < deadline)
    writer = ::open(fifo.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
  ASSERT_GE(writer, 0);
  const ProgramEnd end = end_of(program);
  ::close(writer);
  EXPECT_EQ(end.exit_code, 1) << end.err;
  EXPECT_THAT(end.err, HasSubstr(fifo + ": cannot be read yet, and the host has to stop"));
}

TEST_F(HangingEarly, ALaterSignalDoesNotWaitForTheGrace) {
  Program program(host_.arguments({"run", "M"}), environment("hang in describe"));
  ASSERT_TRUE(program.wait_for_err("hanging now", kBounded)) << program.err();
  program.signal(SIGTERM);
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));
  const ProgramEnd end = end_of(program);
  EXPECT_EQ(end.exit_code, 1) << end.err;
  EXPECT_THAT(end.err, Not(HasSubstr("has not returned"))) << "it did not wait for that";
}

INSTANTIATE_TEST_SUITE_P(Plugin, Hanging,
                         testing::Values("init", "configure", "next_batch", "release", "cancel",
                                         "destroy"),
                         [](const auto& parameter) { return std::string(parameter.param); });

}  // namespace
}  // namespace host::test
