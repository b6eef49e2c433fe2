// `state show`, `reset`, `export` and `import`, as an operator meets them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/host_sim/host_program.hpp"
#include "tests/host_sim/host_rig.hpp"

namespace host::test {
namespace {

using test_support::ProgramEnd;
using test_support::read_lines;
using test_support::run_program;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// What it says.
std::string import_state(const HostProgram& host, const std::string& exported) {
  test_support::write_file(host.folder / "export.json", exported);
  std::string command;
  for (const std::string& word : host.arguments({"state", "import", "M", "--yes"}))
    command += "'" + word + "' ";
  const ProgramEnd end = run_program(
      {"/bin/bash", "-c", command + " < '" + (host.folder / "export.json").string() + "'"},
      HostProgram::environment());
  EXPECT_EQ(end.exit_code, 0) << end.err;
  return end.err;
}

TEST(State, CanBeShownResetAndCarriedElsewhere) {
  const HostProgram host("total: 25");
  EXPECT_THAT(host.run({"state", "show", "M"}).out, HasSubstr("holds nothing yet"));
  EXPECT_EQ(host.run({"run", "--once", "M"}).exit_code, 0);
  EXPECT_THAT(host.run({"state", "show", "M"}).out, HasSubstr("count\n"));
  EXPECT_THAT(host.run({"state", "show", "M"}).out, HasSubstr("records          25\n"));
  const std::string exported = host.run({"state", "export", "M"}).out;
  EXPECT_EQ(nlohmann::json::parse(exported)["pipelines"]["count"]["records"], 25);

  const ProgramEnd reset = host.run({"state", "reset", "M", "count", "--yes"});
  EXPECT_EQ(reset.exit_code, 0);
  EXPECT_EQ(reset.err, "state reset: forgot count\n");
  EXPECT_THAT(host.run({"state", "show", "M"}).out, HasSubstr("holds nothing yet"));
  EXPECT_EQ(import_state(host, exported), "state import: took over count\n");
  EXPECT_THAT(host.run({"state", "show", "M"}).out, HasSubstr("ranges           told by the next"));
  EXPECT_EQ(host.run({"run", "--once", "M"}).exit_code, 0);
  EXPECT_EQ(read_lines(host.output()), counted(25)) << "the position is back: nothing comes twice";
}

// What stands behind it may be ours, from runs after the export, and then would come twice.
TEST(State, AnImportKnowsNothingOfWhatTheOutputHasBehindIt) {
  const HostProgram host("total: 25");
  EXPECT_EQ(host.run({"run", "--once", "M"}).exit_code, 0);
  const std::string exported = host.run({"state", "export", "M"}).out;
  const auto size = std::filesystem::file_size(host.output());
  host.write("total: 30");
  EXPECT_EQ(host.run({"run", "--once", "M"}).exit_code, 0);
  EXPECT_THAT(import_state(host, exported),
              HasSubstr("state import: count had got to 30 records here, and the export is of 25"));
  const ProgramEnd end = host.run({"run", "--once", "M"});
  EXPECT_EQ(end.exit_code, 1);
  EXPECT_THAT(end.err, HasSubstr("`truncate -s " + std::to_string(size) + " "));
  EXPECT_EQ(read_lines(host.output()), counted(30)) << "nothing was touched";
  std::filesystem::resize_file(host.output(), size);
  EXPECT_EQ(host.run({"run", "--once", "M"}).exit_code, 0);
  EXPECT_EQ(read_lines(host.output()), counted(30));
}

// On another machine the output is another file: what the first import has collected comes no more.
TEST(State, AnImportThatIsRepeatedRepeatsNoRecord) {
  const HostProgram from("total: 25");
  EXPECT_EQ(from.run({"run", "--once", "M"}).exit_code, 0);
  const std::string exported = from.run({"state", "export", "M"}).out;
  const HostProgram host("total: 30");
  import_state(host, exported);
  EXPECT_EQ(host.run({"run", "--once", "M"}).exit_code, 0);
  const std::vector<std::string> collected = read_lines(host.output());
  EXPECT_EQ(collected.size(), 5U);
  import_state(host, exported);
  const ProgramEnd end = host.run({"run", "--once", "M"});
  EXPECT_EQ(end.exit_code, 1);
  EXPECT_THAT(end.err, HasSubstr("is not the file that the state knows"));
  EXPECT_EQ(read_lines(host.output()), collected);
  std::filesystem::remove(host.output());
  EXPECT_EQ(host.run({"run", "--once", "M"}).exit_code, 0);
  EXPECT_EQ(read_lines(host.output()), collected);
}

// A pipeline that was renamed lives on in the state under its old name.
TEST(State, NamesOfTheStateCountToo) {
  const HostProgram host("total: 25");
  EXPECT_EQ(host.run({"run", "--once", "M"}).exit_code, 0);
  std::string manifest = test_support::read_file(host.manifest());
  manifest.replace(manifest.find("name: count"), 11, "name: renamed");
  test_support::write_file(host.manifest(), manifest);
  EXPECT_THAT(host.run({"state", "show", "M", "count"}).out, HasSubstr("records          25\n"));
  const std::string exported = host.run({"state", "export", "M", "count"}).out;
  EXPECT_EQ(nlohmann::json::parse(exported)["pipelines"]["count"]["records"], 25);
  const ProgramEnd unknown = host.run({"state", "reset", "M", "nobody\x1b", "--yes"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.err,
              HasSubstr("nor its state has a pipeline named nobody ; there is count\n"));
  EXPECT_EQ(host.run({"state", "reset", "M", "count", "--yes"}).exit_code, 0);
  EXPECT_THAT(host.run({"state", "show", "M"}).out, HasSubstr("holds nothing yet"));
}

// As typed after the question.
ProgramEnd answered(const HostProgram& host, const std::string& answer,
                    const std::vector<std::string>& words) {
  std::string command = "echo '" + answer + "' | ";
  for (const std::string& word : host.arguments(words)) command += "'" + word + "' ";
  return run_program({"/bin/bash", "-c", command}, HostProgram::environment());
}

TEST(State, AnImportTellsOfWhatNoPipelineGoesOnFrom) {
  const HostProgram host("total: 25");
  EXPECT_EQ(host.run({"run", "--once", "M"}).exit_code, 0);
  std::string exported = host.run({"state", "export", "M"}).out;
  exported.replace(exported.find("\"count\""), 7, "\"cuont\"");
  EXPECT_THAT(answered(host, exported, {"state", "import", "M", "--yes"}).err,
              HasSubstr(" is named cuont, so its position is kept and used by none; "));
}

TEST(State, AnOlderCopyIsRefusedByACheckAsByARun) {
  const HostProgram host("total: 25");
  const auto state = host.folder / "host.db";
  EXPECT_EQ(host.run({"run", "--once", "M"}).exit_code, 0);
  std::filesystem::copy_file(state, host.folder / "older.db");
  host.write("total: 30");
  EXPECT_EQ(host.run({"run", "--once", "M"}).exit_code, 0);
  EXPECT_EQ(host.run({"check", "M"}).exit_code, 0);
  EXPECT_EQ(host.run({"check", "M"}).exit_code, 0) << "none takes another for a later run";
  std::filesystem::rename(host.folder / "older.db", state);
  const auto refusal = HasSubstr("stand behind byte ");
  EXPECT_THAT(host.run({"check", "M"}).out, testing::AllOf(HasSubstr("FAIL  output "), refusal));
  EXPECT_THAT(host.run({"check", "M"}).out, testing::AllOf(HasSubstr("FAIL  output "), refusal));
  const ProgramEnd run = host.run({"run", "--once", "M"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.err, refusal);
}

// Also of one that a run would have something to write into: a copy, without its lock or with it.
TEST(State, ACheckLeavesEveryByteAsItWas) {
  const HostProgram host("total: 25");
  const auto state = host.folder / "host.db";
  const auto lock = host.folder / "host.db.lock";
  EXPECT_EQ(host.run({"run", "--once", "M"}).exit_code, 0);
  std::filesystem::copy_file(state, host.folder / "older.db");
  const auto expect_unchanged = [&](int exit_code) {
    const std::string of_state = test_support::read_file(state);
    const std::string of_lock = test_support::read_file(lock);
    const bool has_lock = std::filesystem::exists(lock);
    const ProgramEnd end = host.run({"check", "M"});
    EXPECT_EQ(end.exit_code, exit_code) << end.out;
    EXPECT_TRUE(test_support::read_file(state) == of_state);
    EXPECT_EQ(test_support::read_file(lock), of_lock);
    EXPECT_EQ(std::filesystem::exists(lock), has_lock);
    for (const char* suffix : {"-wal", "-shm", "-journal", ".new"})
      EXPECT_FALSE(std::filesystem::exists(state.string() + suffix)) << suffix;
  };
  expect_unchanged(0);
  host.write("total: 30");
  EXPECT_EQ(host.run({"run", "--once", "M"}).exit_code, 0);
  std::filesystem::rename(host.folder / "older.db", state);
  expect_unchanged(1);
  std::filesystem::remove(lock);
  expect_unchanged(1);
}

TEST(State, OfAnotherPluginIsRefusedByACheckAsByARun) {
  const HostProgram host("total: 25");
  EXPECT_EQ(host.run({"run", "--once", "M"}).exit_code, 0);
  std::string exported = host.run({"state", "export", "M"}).out;
  const std::string made_by = "\"plugin\": \"";
  exported.insert(exported.find(made_by) + made_by.size(), "not_");
  answered(host, exported, {"state", "import", "M", "--yes"});
  const std::string refusal = "its state was made by the plugin not_";
  EXPECT_THAT(host.run({"check", "M"}).out, HasSubstr("FAIL  state           " + refusal));
  EXPECT_THAT(host.run({"run", "--once", "M"}).err, HasSubstr(refusal));
}

TEST(State, AnImportOfWhatTheExportLacksIsAMistake) {
  const HostProgram host("total: 25");
  EXPECT_EQ(host.run({"run", "--once", "M"}).exit_code, 0);
  std::string command;
  for (const std::string& word : host.arguments({"state", "export", "M"}))
    command += "'" + word + "' ";
  command += "| ";
  for (const std::string& word : host.arguments({"state", "import", "M", "nobody", "--yes"}))
    command += "'" + word + "' ";
  const ProgramEnd end = run_program({"/bin/bash", "-c", command}, HostProgram::environment());
  EXPECT_EQ(end.exit_code, 2);
  EXPECT_EQ(end.err, "the export does not hold a pipeline named nobody; there is count\n");
}

TEST(State, AResetAsksAndTakesYesAlone) {
  const HostProgram host("total: 25");
  EXPECT_EQ(host.run({"run", "--once", "M"}).exit_code, 0);
  for (const char* answer : {"", "n", "Y E S"}) {
    const ProgramEnd end = answered(host, answer, {"state", "reset", "M", "count"});
    EXPECT_EQ(end.exit_code, 1);
    EXPECT_THAT(end.err, HasSubstr("Begin anew with count?"));
    EXPECT_THAT(end.err, HasSubstr("nothing was changed; --yes answers in advance\n"));
  }
  EXPECT_THAT(host.run({"state", "show", "M"}).out, HasSubstr("records          25\n"));
  EXPECT_EQ(answered(host, "y", {"state", "reset", "M", "count"}).exit_code, 0);
  EXPECT_THAT(host.run({"state", "show", "M"}).out, HasSubstr("holds nothing yet"));
}

TEST(State, AnImportThatIsNoneOrLacksItsYesChangesNothing) {
  const HostProgram host("total: 25");
  EXPECT_EQ(host.run({"run", "--once", "M"}).exit_code, 0);
  const std::string exported = host.run({"state", "export", "M"}).out;
  ProgramEnd end = answered(host, "{]", {"state", "import", "M", "--yes"});
  EXPECT_EQ(end.exit_code, 1);
  EXPECT_THAT(end.err,
              HasSubstr("this is no export of a state, for it is no JSON from byte 2 on; "));
  end = answered(host, exported, {"state", "import", "M"});
  EXPECT_EQ(end.exit_code, 2);
  EXPECT_THAT(end.err, HasSubstr("would replace the state of count; nothing was changed"));
  EXPECT_EQ(host.run({"state", "export", "M"}).out, exported);
  const HostProgram empty("total: 25");
  end = answered(empty, exported, {"state", "import", "M"});
  EXPECT_EQ(end.exit_code, 2);
  EXPECT_THAT(end.err, HasSubstr("would take over count; nothing was changed, say --yes"));
  EXPECT_FALSE(std::filesystem::exists(empty.folder / "host.db"));
}

TEST(State, OfManyPipelinesEachIsShownOnALineUnlessItIsNamed) {
  const HostProgram host("total: 25");
  EXPECT_EQ(host.run({"run", "--once", "M"}).exit_code, 0);
  auto exported = nlohmann::json::parse(host.run({"state", "export", "M"}).out);
  auto& pipelines = exported["pipelines"];
  for (const char* name : {"a", "b", "c"}) pipelines[name] = pipelines["count"];
  import_state(host, exported.dump());
  EXPECT_THAT(host.run({"state", "show", "M"}).out, HasSubstr("\n\ncount\n  plugin "));
  pipelines["long_name"] = pipelines["count"];
  import_state(host, exported.dump());
  const ProgramEnd all = host.run({"state", "show", "M"});
  EXPECT_THAT(all.out, testing::MatchesRegex(
                           "PIPELINE   RECORDS  LAST COMMIT           BACKFILLED TO  LIVE TO  "
                           "LAST ERROR\n"
                           "a          25       20[-0-9T:]+Z  -              -        -\n(.*\n){3}"
                           "long_name  25       20[-0-9T:]+Z  -              -        -\n"))
      << all.out;
  EXPECT_THAT(all.err, HasSubstr("manifest.yaml NAME\n"));
  EXPECT_THAT(host.run({"state", "show", "M", "count"}).out, HasSubstr("records          25\n"));
}

TEST(State, AShownJsonOfNothingIsJson) {
  const HostProgram host("total: 25");
  EXPECT_EQ(nlohmann::json::parse(host.run({"state", "show", "--json", "M"}).out),
            nlohmann::json({{"pipelines", nlohmann::json::array()}}));
}

// What `run` refuses is no first run for a look either.
TEST(State, ALostStateIsToldAsByARun) {
  const HostProgram host("total: 25");
  EXPECT_EQ(host.run({"run", "--once", "M"}).exit_code, 0);
  std::filesystem::remove(host.folder / "host.db");
  const ProgramEnd run = host.run({"run", "--once", "M"});
  EXPECT_EQ(run.exit_code, 1);
  for (const char* command : {"show", "export"}) {
    const ProgramEnd look = host.run({"state", command, "M"});
    EXPECT_EQ(look.exit_code, 1);
    EXPECT_THAT(look.out, IsEmpty());
    EXPECT_THAT(look.err, HasSubstr("host.db: is missing, but a host has written one; restore it"));
    EXPECT_THAT(run.err, HasSubstr(look.err));
  }
}

}  // namespace
}  // namespace host::test
