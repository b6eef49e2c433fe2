#include "host_sim/command_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace host {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::variant<CommandLine, NothingToDo> parse(std::vector<const char*> words) {
  words.insert(words.begin(), "host_sim");
  return parse_command_line(static_cast<int>(words.size()), words.data());
}

CommandLine parsed(const std::vector<const char*>& words) {
  auto result = parse(words);
  if (const auto* nothing = std::get_if<NothingToDo>(&result)) {
    ADD_FAILURE() << nothing->text;
    return {};
  }
  return std::get<CommandLine>(result);
}

NothingToDo refused(const std::vector<const char*>& words) {
  auto result = parse(words);
  if (const auto* nothing = std::get_if<NothingToDo>(&result)) return *nothing;
  ADD_FAILURE() << "was accepted";
  return {};
}

TEST(CommandLine, RunTakesAManifest) {
  const CommandLine line = parsed({"run", "a.yaml"});
  EXPECT_EQ(line.command, Command::kRun);
  EXPECT_EQ(line.manifest, "a.yaml");
  EXPECT_FALSE(line.once);
  EXPECT_EQ(line.log_level, LogLevel::kInfo);
  EXPECT_EQ(line.log_format, LogFormat::kText);
}

TEST(CommandLine, OnceMayStandOnEitherSideOfTheManifest) {
  EXPECT_TRUE(parsed({"run", "--once", "a.yaml"}).once);
  EXPECT_TRUE(parsed({"run", "a.yaml", "--once"}).once);
}

TEST(CommandLine, StatusIsServedToThisMachineUnlessToldOtherwise) {
  EXPECT_FALSE(parsed({"run", "a.yaml"}).status);
  const CommandLine line = parsed(
      {"run", "--status", "127.0.0.1:9090", "--status-host", "x", "a.yaml", "--status-host", "y"});
  ASSERT_TRUE(line.status);
  EXPECT_EQ(line.status->port, 9090);
  EXPECT_THAT(line.status_names, ElementsAre("x", "y"));
  EXPECT_TRUE(parsed({"run", "--status-remote", "--status", "[::]:80", "a.yaml"}).status);
}

TEST(CommandLine, GlobalOptionsMayStandOnEitherSideOfTheCommand) {
  for (const CommandLine& line : {parsed({"--plugin-dir", "p", "--plugin-dir", "q", "--log-level",
                                          "debug", "--log-format", "json", "run", "a.yaml"}),
                                  parsed({"run", "--plugin-dir", "p", "a.yaml", "--plugin-dir", "q",
                                          "--log-level", "debug", "--log-format", "json"})}) {
    EXPECT_THAT(line.plugin_dirs, ElementsAre("p", "q"));
    EXPECT_EQ(line.log_level, LogLevel::kDebug);
    EXPECT_EQ(line.log_format, LogFormat::kJson);
    EXPECT_EQ(line.manifest, "a.yaml");
  }
}

TEST(CommandLine, PreviewTakesACountAndAPipeline) {
  const CommandLine line = parsed({"preview", "-n", "3", "a.yaml", "--pipeline", "x"});
  EXPECT_EQ(line.command, Command::kPreview);
  EXPECT_EQ(line.records, 3);
  EXPECT_THAT(line.pipelines, ElementsAre("x"));
  EXPECT_EQ(parsed({"preview", "a.yaml"}).records, 10);
}

TEST(CommandLine, EveryOtherCommandIsKnown) {
  EXPECT_EQ(parsed({"check", "a.yaml"}).command, Command::kCheck);
  EXPECT_FALSE(parsed({"check", "a.yaml"}).json);
  EXPECT_TRUE(parsed({"check", "--json", "a.yaml"}).json);
  EXPECT_EQ(parsed({"plugins"}).command, Command::kPlugins);
  EXPECT_EQ(parsed({"describe", "x"}).command, Command::kDescribe);
  EXPECT_EQ(parsed({"describe", "x"}).plugin, "x");
  EXPECT_EQ(parsed({"state", "show", "a.yaml"}).command, Command::kStateShow);
  EXPECT_EQ(parsed({"state", "export", "a.yaml"}).command, Command::kStateExport);
  EXPECT_EQ(parsed({"state", "import", "a.yaml"}).command, Command::kStateImport);
}

TEST(CommandLine, StateTakesPipelinesBehindTheManifest) {
  const CommandLine line = parsed({"state", "reset", "--yes", "a.yaml", "x", "y"});
  EXPECT_EQ(line.command, Command::kStateReset);
  EXPECT_EQ(line.manifest, "a.yaml");
  EXPECT_THAT(line.pipelines, ElementsAre("x", "y"));
  EXPECT_TRUE(line.yes);
  EXPECT_FALSE(parsed({"state", "reset", "a.yaml"}).yes);
  EXPECT_TRUE(parsed({"state", "show", "--json", "a.yaml"}).json);
  EXPECT_FALSE(parsed({"state", "show", "a.yaml"}).json);
}

TEST(CommandLine, MistakesAreUsageErrorsThatSayWhat) {
  const std::vector<std::pair<std::vector<const char*>, std::string>> cases = {
      {{}, "ubcommand"},
      {{"rum", "a.yaml"}, "there is no command rum; did you mean run?"},
      {{"state", "shwo", "a.yaml"}, "there is no command shwo; did you mean show?"},
      {{"fly", "a.yaml"}, "there is no command fly\n"},
      {{"run"}, "MANIFEST"},
      {{"run", "a.yaml", "b.yaml"}, "b.yaml"},
      {{"run", "--onec", "a.yaml"}, "--onec"},
      {{"run", "--status", "9090", "a.yaml"}, "such as 127.0.0.1:9090"},
      {{"run", "--status", "0.0.0.0:9090", "a.yaml"}, "--status-remote"},
      {{"run", "--status-remote", "a.yaml"}, "--status-remote: changes how --status is served"},
      {{"run", "a.yaml", "--status-host", "x"}, "--status-host: changes how --status is served"},
      {{"--log-level", "loud", "run", "a.yaml"}, "debug|info|warning|error"},
      {{"preview", "-n", "0", "a.yaml"}, "--records"},
      {{"preview", "-n", "many", "a.yaml"}, "many"},
      {{"state"}, "ubcommand"},
      {{"state", "show", "--yes", "a.yaml"}, "--yes"},
      {{"state", "export", "--json", "a.yaml"}, "--json"},
      {{"describe"}, "PLUGIN"},
  };
  for (const auto& [words, what] : cases) {
    const NothingToDo nothing = refused(words);
    EXPECT_EQ(nothing.exit_code, kExitUsage) << nothing.text;
    EXPECT_THAT(nothing.text, HasSubstr(what));
    EXPECT_THAT(nothing.text, testing::StartsWith("host_sim: "));
  }
}

TEST(CommandLine, HelpNamesEveryCommandAndTheExitCodes) {
  const NothingToDo help = refused({"--help"});
  EXPECT_EQ(help.exit_code, kExitDone);
  for (const char* word :
       {"run", "check", "describe", "plugins", "preview", "state", "--plugin-dir", "--log-level",
        "--log-format", "--version", "proxy for every request but plain http to this machine,",
        "CONNECTOR_PLUGIN_PATH", "Exit codes: 0", "manifest (YAML)"})
    EXPECT_THAT(help.text, HasSubstr(word));
}

TEST(CommandLine, EachCommandHasItsHelp) {
  for (const std::vector<const char*>& words : std::vector<std::vector<const char*>>{
           {"run", "--help"}, {"state", "--help"}, {"state", "reset", "--help"}}) {
    const NothingToDo help = refused(words);
    EXPECT_EQ(help.exit_code, kExitDone);
    EXPECT_THAT(help.text, HasSubstr("Usage"));
  }
  EXPECT_THAT(refused({"state", "reset", "--help"}).text, HasSubstr("--yes"));
}

TEST(CommandLine, VersionIsPrinted) {
  const NothingToDo version = refused({"--version"});
  EXPECT_EQ(version.exit_code, kExitDone);
  EXPECT_THAT(version.text, testing::ContainsRegex("host_sim [0-9]+\\.[0-9]+\\.[0-9]+"));
  EXPECT_THAT(version.text, HasSubstr("ABI 1.0"));
}

}  // namespace
}  // namespace host
