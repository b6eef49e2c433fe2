// A plugin that brings down whoever loads it, beside others: what lists plugins names it and goes
// on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/host_sim/host_program.hpp"

namespace host::test {
namespace {

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

INSTANTIATE_TEST_SUITE_P(
    Plugin, PluginApart,
    testing::Values(Trouble{"segfault in loading", "crashed in its loading (SIGSEGV)"},
                    Trouble{"segfault in describe", "crashed in connector_describe (SIGSEGV)"},
                    Trouble{"overflow in describe", "crashed in connector_describe (SIGSEGV)"},
                    Trouble{"abort in describe", "crashed in connector_describe (SIGABRT)"},
                    Trouble{"thread in describe", "crashed in a thread of its own (SIGSEGV)"},
                    Trouble{"exit in loading", "ended the process in its loading (exit)"}),
    [](const auto& parameter) {
      std::string name = parameter.param.trouble;
      std::replace(name.begin(), name.end(), ' ', '_');
      return name;
    });

}  // namespace
}  // namespace host::test
