// `check` as an operator meets it: each step of the host's own is broken alone, and the report says
// which one it is, why, and what to do.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "host_sim/descriptor.hpp"
#include "tests/end_to_end/checking.hpp"

namespace end_to_end {
namespace {

namespace fault = fake_aikido::fault;
using fake_aikido::Kind;
using nlohmann::json;
using test_support::ProgramEnd;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST_F(Check, WhereAllIsWellEveryStepSaysWhatWasSeen) {
  world_.add_history(30);
  world_.settings["user_type"] = "user_only";
  const ProgramEnd end = world_.run({"check", "--json", "M"});
  EXPECT_EQ(end.exit_code, 0) << end.err;
  const std::vector<json> steps = steps_of(end.out);
  EXPECT_THAT(names_of(steps), ElementsAre("manifest", "plugin", "secrets", "state", "output",
                                           "settings", "name_resolution", "connection", "tls",
                                           "token", "permission", "activity_log", "filters"));
  for (const json& step : steps) {
    EXPECT_EQ(step["ok"], true) << step;
    EXPECT_NE(step["detail"], "") << step;
    EXPECT_EQ(step["remedy"], "") << step;
    EXPECT_EQ(step["pipeline"], step["step"] == "manifest" ? json() : json("test"));
  }
  EXPECT_EQ(world_.server().log().count(Kind::kToken), 1U);
  EXPECT_EQ(world_.server().log().count(Kind::kPage), 2U) << "with the filters and without";
  EXPECT_FALSE(std::filesystem::exists(world_.state)) << "nothing is changed";
}

TEST_F(Check, AStepIsShownBeforeTheNextIsKnown) {
  world_.server().faults().push(fault::hang().on(Kind::kPage).for_ever());
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"check", "M"}, {"check", "--json", "M"}}) {
    const auto program = world_.start(words);
    EXPECT_TRUE(program->wait_for_out("accepts client_id", kBounded)) << program->err();
    EXPECT_THAT(program->out(), Not(HasSubstr("permission")));
    program->signal(SIGTERM);
    EXPECT_TRUE(program->wait(kBounded));
  }
}

TEST_F(Check, Manifest) {
  world_.output_yaml = "{type: file, paht: out.ndjson}";
  const ProgramEnd end = world_.run({"check", "--json", "M"});
  EXPECT_EQ(end.exit_code, 2);
  const std::vector<json> steps = steps_of(end.out);
  EXPECT_THAT(names_of(steps), ElementsAre("manifest", "manifest")) << "one for each mistake";
  for (const json& step : steps) {
    EXPECT_EQ(step["ok"], false);
    EXPECT_EQ(step["file"], world_.manifest().string());
    EXPECT_GT(step["line"], 15);
  }
  EXPECT_EQ(steps[0]["key"], "pipelines[0].output.paht");
  EXPECT_EQ(steps[0]["remedy"], "did you mean path?");
  EXPECT_EQ(steps[1]["key"], "pipelines[0].output.path");
  EXPECT_EQ(steps[1]["detail"], "is missing");
  EXPECT_EQ(steps[1]["remedy"], "give the file to append to");
  const std::string place = world_.manifest().string() + ":" + steps[0]["line"].dump() + ": ";
  EXPECT_THAT(world_.run({"check", "M"}).out, HasSubstr("FAIL  manifest        " + place +
                                                        "pipelines[0].output.path: is missing; "
                                                        "give the file to append to\n"));
  EXPECT_EQ(world_.server().log().count(), 0U);
}

TEST_F(Check, EachPipelineHasItsSteps) {
  world_.repeat_pipeline("twin");
  const auto checked = [this](const std::vector<std::string>& words) {
    std::map<std::string, int> steps;
    for (const json& step : steps_of(world_.run(words).out))
      if (step["pipeline"].is_string()) ++steps[step["pipeline"]];
    return steps;
  };
  using Steps = std::map<std::string, int>;
  EXPECT_EQ(checked({"check", "--json", "M"}), (Steps{{"test", 11}, {"twin", 11}}));
  EXPECT_EQ(checked({"check", "--json", "M", "twin"}), (Steps{{"twin", 11}}));
  EXPECT_THAT(world_.run({"check", "M"}).out,
              AllOf(HasSubstr("\ntest\nok    plugin "), HasSubstr("\ntwin\nok    plugin ")));
}

TEST_F(Check, ANameThatNoPipelineHas) {
  expect_for_machines(world_.run({"check", "--json", "M", "nobody"}),
                      {"manifest", "has no pipeline named nobody", "there is test", 2});
}

TEST_F(Check, PluginFile) {
  world_.secrets_yaml += "\n      sha256: " + std::string(64, '0');
  expect(world_, {"plugin", "the manifest demands 000", "correct sha256", 2});
}

TEST_F(Check, Secrets) {
  world_.secrets_yaml = "{client_secret: {file: no/such/file}}";
  expect(world_, {"secrets", "no/such/file cannot be read", "can read", 2});
  world_.secrets_yaml = "{client_secret: {env: NOT_SET_ANYWHERE}}";
  expect(world_, {"secrets", "NOT_SET_ANYWHERE is not set", "set it for this process", 2});
  EXPECT_EQ(world_.server().log().count(), 0U);
}

TEST_F(Check, State) {
  test_support::write_file(world_.state, "no database");
  expect(world_, {"state", "host.db", ""});
  EXPECT_EQ(world_.server().log().count(), 0U);
}

// What a run would meet at once, and nothing of it is made.
TEST_F(Check, AStateWhoseFolderCannotBeMade) {
  test_support::write_file(world_.folder / "file", "");
  world_.state_yaml = "file/host.db";
  expect(world_, {"state", "file: the folder cannot be written to (Not a directory)",
                  "see that it is a folder which the host's user may write to"});
  world_.state_yaml = "new/folder/host.db";
  EXPECT_EQ(world_.run({"check", "M"}).exit_code, 0);
  EXPECT_FALSE(std::filesystem::exists(world_.folder / "new"));
}

TEST_F(Check, AStateThatWasLost) {
  test_support::write_file(world_.folder / "host.db-wal", "a log");
  expect(world_, {"state", "is missing, but host.db-wal of one is there", ""});
}

TEST_F(Check, AnOutputWhoseFolderCannotBeMade) {
  test_support::write_file(world_.folder / "file", "");
  world_.output_yaml = "{type: file, path: file/out.ndjson}";
  expect(world_, {"output", "file/out.ndjson: cannot be examined (Not a directory)",
                  "give another output path"});
  world_.output_yaml = "{type: file, path: new/folder/out.ndjson}";
  EXPECT_EQ(world_.run({"check", "M"}).exit_code, 0);
  EXPECT_FALSE(std::filesystem::exists(world_.folder / "new"));
  EXPECT_EQ(world_.server().log().count(Kind::kToken), 1U);
}

// Root may write to every folder, but no file can be made there.
TEST_F(Check, AnOutputOfTheKernelIsRefusedAsARunDoes) {
  world_.output_yaml = "{type: file, path: /proc/self/x.ndjson}";
  const std::string refusal = "/proc/self/x.ndjson: belongs to the kernel, and is on no disk";
  expect(world_, {"manifest", refusal, "an output is a regular file, give its own path", 2});
  const ProgramEnd run = world_.run({"run", "--once", "M"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, HasSubstr(refusal));
}

TEST_F(Check, AStateOfTheKernel) {
  world_.state_yaml = "/proc/self/host.db";
  const std::string refusal = "/proc/self/host.db: belongs to the kernel, and is on no disk";
  expect(world_, {"state", refusal, "give a `state` in a folder of your own", 2});
  const ProgramEnd run = world_.run({"run", "--once", "M"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, HasSubstr(":2: state: " + refusal));
}

TEST_F(Check, AStateThatIsAFolderIsOneOfAllMistakes) {
  world_.state_yaml = ".";
  world_.output_yaml = "{type: file, path: /dev/null}";
  const ProgramEnd end = world_.run({"check", "--json", "M"});
  EXPECT_EQ(end.exit_code, 2);
  EXPECT_THAT(names_of(steps_of(end.out)), ElementsAre("state", "manifest"));
}

TEST_F(Check, AnOutputThatWasCut) {
  world_.add_history(3);
  ASSERT_EQ(world_.run({"run", "--once", "M"}).exit_code, 0);
  EXPECT_EQ(world_.run({"check", "M"}).exit_code, 0);
  std::filesystem::resize_file(world_.output, 5);
  expect(world_, {"output", "has 5 bytes, but records up to byte ", "restore the file"});
  EXPECT_EQ(std::filesystem::file_size(world_.output), 5U);
  std::filesystem::remove(world_.output);
}

TEST_F(Check, AnOutputThatAnotherProgramHasLocked) {
  const host::Descriptor file(::open(world_.output.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  ASSERT_EQ(::flock(file.number(), LOCK_EX), 0);
  expect(world_, {"output", "another program has locked it", "stop that one, or give another"});
  std::filesystem::remove(world_.output);
}

TEST_F(Check, AFilterThatChangedIsSetBackFirstOfAll) {
  ASSERT_EQ(world_.run({"run", "--once", "M"}).exit_code, 0);
  std::filesystem::remove(world_.output);
  world_.settings["user_type"] = "user_only";
  expect(world_,
         {"settings", "other filters", "set the former ones again, which keeps the position"});
}

}  // namespace
}  // namespace end_to_end
