// The judge itself: it lets the good pass, and finds in each bad plugin what is wrong and nothing
// else.
#include <gtest/gtest.h>

#include "tests/judge/judge_run.hpp"
#include "tests/support/files.hpp"

namespace judge {
namespace {

struct Bad {
  const char* plugin;
  const char* law;
  const char* finding;
};

void PrintTo(const Bad& bad, std::ostream* out) { *out << bad.plugin; }

std::string file_of(const std::string& bad_plugin) {
  return std::string(BAD_PLUGINS) + "/" + bad_plugin + ".so";
}

class BadPlugin : public testing::TestWithParam<Bad> {};

TEST_P(BadPlugin, BreaksTheOneLawThatItIsMeantTo) {
  const Bad& bad = GetParam();
  const Report report = judged({file_of(bad.plugin), "--secret", "key=THE_KEY", "--limit", "10"},
                               {{"THE_KEY", "the right key"}});
  EXPECT_EQ(report.exit_code, 1) << report.all;
  ASSERT_EQ(report.verdicts.size(), laws().size()) << report.all;
  for (const auto& [name, verdict] : report.verdicts) {
    EXPECT_EQ(verdict.kept, name != bad.law) << name << ": " << verdict.detail;
    if (name == bad.law) {
      EXPECT_NE(verdict.detail.find(bad.finding), std::string::npos) << verdict.detail;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Each, BadPlugin,
    testing::Values(
        Bad{"exports_too_much", "exports", "another_function"},
        Bad{"can_be_unloaded", "load", "-z,nodelete"},
        Bad{"needs_abi_2", "version", "needs ABI 2.0"},
        Bad{"broken_description", "description", "no JSON object"},
        Bad{"configures_twice", "call_order", "a second connector_configure succeeded"},
        Bad{"lets_an_exception_out", "config_errors",
            "an exception came out of connector_configure"},
        Bad{"names_one_mistake", "config_errors", "these were not named: /second"},
        Bad{"reuses_its_buffer", "batch_lifetime", "changed before its release"},
        Bad{"breaks_lines", "batch_lifetime", "is not on one line"},
        Bad{"repeats_records", "checkpoint_replay", "after checkpoint 1 record 9 came again"},
        Bad{"loses_records", "checkpoint_replay", "after checkpoint 1 record 10 did not come"},
        Bad{"starts_afresh", "checkpoint_replay", "gave OK where CHECKPOINT is due"},
        Bad{"crashes_on_damage", "checkpoint_replay", "Aborted in connector_configure"},
        Bad{"hangs_on_damage", "checkpoint_replay",
            "did not end within 10 s; it was in connector_configure"},
        Bad{"ignores_cancel", "cancel", "while a server did not answer"},
        Bad{"forgets_cancel", "cancel", "gave OK where CANCELLED is due"},
        Bad{"overflows_error_text", "error_text", "overflowed a text buffer"},
        Bad{"tells_its_secret", "error_text", "holds the secret key"},
        Bad{"keeps_its_loan", "error_text", "kept 1 secret(s) on loan"},
        Bad{"ignores_sizes", "struct_sizes", "connector_request of 16 bytes was taken"}),
    [](const testing::TestParamInfo<Bad>& bad) { return bad.param.plugin; });

TEST(GoodPlugin, InCKeepsEveryLaw) { expect_every_law_kept(judged({TICKS_IN_C})); }
TEST(GoodPlugin, InCppKeepsEveryLaw) { expect_every_law_kept(judged({TICKS_IN_CPP})); }

TEST(Output, IsOneLineALaw) {
  const auto end =
      run_judge({file_of("repeats_records"), "--test", "checkpoint_replay", "--test", "version"});
  EXPECT_EQ(end.exit_code, 1);
  EXPECT_EQ(end.out,
            "PASS version: needs ABI 1.0\n"
            "FAIL checkpoint_replay: after checkpoint 1 record 9 came again\n"
            "1 of 2 laws broken\n");
}

TEST(Output, OfHelpNamesEveryLaw) {
  const auto end = run_judge({"--help"});
  EXPECT_EQ(end.exit_code, 0);
  for (const Law& law : laws()) EXPECT_NE(end.out.find(law.summary), std::string::npos) << law.name;
}

TEST(Usage, ThatIsWrongEndsWithTwoAndSaysWhy) {
  const test_support::TemporaryFolder folder;
  const std::string broken = folder / "broken.json", list = folder / "list.json",
                    named = folder / "named.json";
  test_support::write_file(broken, "{\"a\":");
  test_support::write_file(list, "[1]");
  test_support::write_file(named, R"({"client": "client_of_demo"})");
  const std::string plugin = TICKS_IN_C;
  const std::pair<test_support::Arguments, std::string> mistakes[] = {
      {{}, "PLUGIN"},
      {{"no_such_file.so"}, "no_such_file.so"},
      {{plugin, "--test", "no_such_law"}, "no_such_law"},
      {{plugin, "--settings", broken}, "is not valid JSON"},
      {{plugin, "--settings", list}, "holds no JSON object"},
      {{plugin, "--bad-settings", list}, "is no array of"},
      {{plugin, "--secret", "key"}, "is not NAME=VARIABLE"},
      {{plugin, "--settings", named, "--secret", "key=DEMO"}, "stands in the settings as well"},
      {{plugin, "--secret", "key=NO_SUCH_VARIABLE"}, "no variable NO_SUCH_VARIABLE"},
  };
  for (const auto& [arguments, why] : mistakes) {
    const auto end = run_judge(arguments, {{"DEMO", "demo"}});
    EXPECT_EQ(end.exit_code, 2) << why;
    EXPECT_NE(end.err.find(why), std::string::npos) << end.err;
    EXPECT_EQ(end.out, "");
  }
}

TEST(Usage, OfSettingsThatTheSchemaRefusesIsAFinding) {
  const test_support::TemporaryFolder folder;
  test_support::write_file(folder / "settings.json", R"({"step": "one"})");
  const Report report = judged(
      {file_of("loses_records"), "--settings", folder / "settings.json", "--test", "description"});
  EXPECT_EQ(report.exit_code, 1) << report.all;
  EXPECT_NE(report.verdicts.at("description").detail.find("/step"), std::string::npos);
}

TEST(Usage, OfWhatIsNoPluginBreaksLawsWithoutACrash) {
  const test_support::TemporaryFolder folder;
  test_support::write_file(folder / "text.so", "not a shared object");
  const Report report = judged({folder / "text.so"});
  EXPECT_EQ(report.exit_code, 1) << report.all;
  EXPECT_EQ(report.verdicts.at("exports").detail, "the file is no complete ELF shared object");
  EXPECT_NE(report.verdicts.at("load").detail.find("cannot be loaded"), std::string::npos);
}

// Settings whose mistakes only the plugin can know, taken without a word.
TEST(Usage, OfBadSettingsHoldsThePluginToThem) {
  const test_support::TemporaryFolder folder;
  test_support::write_file(folder / "bad.json",
                           R"([{"settings": {"step": 0}, "mistakes": ["/step"]}])");
  const Report report =
      judged({TICKS_IN_C, "--bad-settings", folder / "bad.json", "--test", "config_errors"});
  EXPECT_EQ(report.exit_code, 1) << report.all;
  EXPECT_EQ(report.verdicts.at("config_errors").detail, "{\"step\":0} gave OK where CONFIG is due");
}

}  // namespace
}  // namespace judge
