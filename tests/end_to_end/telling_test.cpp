// What an operator is told of a run that had trouble, by the real programs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/end_to_end/program_world.hpp"

namespace end_to_end {
namespace {

using nlohmann::json;
using test_support::ProgramEnd;
using testing::ContainsRegex;
using testing::HasSubstr;

class Telling : public testing::Test {
 protected:
  Telling() { world_.add_history(120); }

  static std::vector<std::string> lines_with(const std::string& text, const std::string& needle) {
    std::istringstream all(text);
    std::vector<std::string> found;
    for (std::string line; std::getline(all, line);)
      if (line.find(needle) != std::string::npos) found.push_back(line);
    return found;
  }
  json shown() { return json::parse(world_.run({"state", "show", "--json", "M"}).out); }

  ProgramWorld world_;
};

TEST_F(Telling, AServiceThatIsAwayIsToldOnceAndThatItIsBack) {
  const auto program = world_.start({"run", "M"});
  ASSERT_TRUE(world_.comes_to_hold_all()) << program->err();
  world_.server().faults().push(fake_aikido::fault::status(503).for_ever());
  const size_t before = world_.server().log().count();
  ASSERT_TRUE(comes_true([&] { return world_.server().log().count() >= before + 5; }));
  world_.server().faults().clear();
  world_.add_event();
  ASSERT_TRUE(program->wait_for_err("running: over after ", kBounded)) << program->err();
  program->signal(SIGTERM);
  const auto end = program->wait(kBounded);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->exit_code, 0);
  const auto told = lines_with(end->err, " warning ");
  ASSERT_EQ(told.size(), 1u) << "in whatever words: " << end->err;
  EXPECT_THAT(told[0], ContainsRegex("test: erroring: .*answered 503"));
  EXPECT_THAT(told[0], HasSubstr("; trying again "));
  EXPECT_THAT(lines_with(end->err, "running: over after "),
              testing::ElementsAre(ContainsRegex("[0-9]+ times: .*answered 503")));
}

// However many tokens are handed out: one more is asked for, and then somebody has to look.
TEST_F(Telling, AServiceThatRefusesEveryTokenStopsTheInput) {
  world_.server().faults().push(
      fake_aikido::fault::status(401).on(fake_aikido::Kind::kPage).for_ever());
  const auto program = world_.start({"run", "M"});
  ASSERT_TRUE(program->wait_for_err("test: stopped: ", kBounded)) << program->err();
  program->signal(SIGTERM);
  const auto end = program->wait(kBounded);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->exit_code, 0) << end->err;
  EXPECT_EQ(world_.server().log().count(fake_aikido::Kind::kToken, 200), 2U);
  EXPECT_EQ(world_.server().log().count(fake_aikido::Kind::kPage, 401), 2U);
  EXPECT_THAT(lines_with(end->err, " error "),
              testing::ElementsAre(ContainsRegex("test: stopped: .*401.*client_id.*"
                                                 "it is tried again every 15 min")));
  const json one = shown().at("pipelines").at(0);
  EXPECT_THAT(one.at("last_error").dump(), HasSubstr("401"));
}

// In words that are others each time.
TEST_F(Telling, AServiceThatRamblesIsToldOnce) {
  const auto program = world_.start({"run", "M"});
  ASSERT_TRUE(world_.comes_to_hold_all()) << program->err();
  for (const char* words : {"ab", "cdef", "ghi"})
    world_.server().faults().push(
        fake_aikido::fault::body(json{{"message", "see " + std::string(words)}}.dump(), 503)
            .times(1));
  const size_t before = world_.server().log().count();
  ASSERT_TRUE(comes_true([&] { return world_.server().log().count() >= before + 3; }));
  world_.add_event();
  ASSERT_TRUE(program->wait_for_err("running: over after ", kBounded)) << program->err();
  program->signal(SIGTERM);
  const auto end = program->wait(kBounded);
  ASSERT_TRUE(end);
  const auto told = lines_with(end->err, " warning ");
  ASSERT_EQ(told.size(), 1u) << end->err;
  EXPECT_THAT(told[0], ContainsRegex("test: erroring: .*answered 503: \"see ab\"; "));
}

TEST_F(Telling, StateShowSaysWhereEachPipelineIs) {
  ASSERT_EQ(world_.run({"run", "--once", "M"}).exit_code, 0);
  const ProgramEnd end = world_.run({"state", "show", "M"});
  EXPECT_EQ(end.exit_code, 0);
  const std::string time = "20[0-9-]+T[0-9:]+Z";
  for (const std::string& line :
       {std::string("test\n  plugin           aikido_activity_log\n"),
        std::string("\n  records          120\n"), "\n  last commit      " + time + "\n",
        "\n  output           " + world_.output.string() + ", [0-9]+ bytes\n",
        "\n  backfill         " + time + " to " + time + ", read to " + time + ": complete\n",
        "\n  live             " + time + " to now, read to " + time + "\n",
        "\n  last late sweep  " + time + "\n", std::string("\n  remembered ids   [0-9]+\n"),
        std::string("\n  last error       none\n")})
    EXPECT_THAT(end.out, ContainsRegex(line));
}

TEST_F(Telling, StateShowIsReadByProgramsToo) {
  ASSERT_EQ(world_.run({"run", "--once", "M"}).exit_code, 0);
  json all = shown();
  ASSERT_EQ(all.at("pipelines").size(), 1u);
  const json& one = all["pipelines"][0];
  EXPECT_EQ(one.at("name"), "test");
  EXPECT_EQ(one.at("records"), 120);
  EXPECT_EQ(one.at("output").at("path"), world_.output.string());
  EXPECT_EQ(one.at("output").at("position"), std::filesystem::file_size(world_.output));
  ASSERT_EQ(one.at("ranges").size(), 2u);
  EXPECT_EQ(one["ranges"][0].at("name"), "backfill");
  EXPECT_EQ(one["ranges"][0].at("done"), one["ranges"][0].at("end"));
  EXPECT_EQ(one["ranges"][1].at("name"), "live");
  EXPECT_TRUE(one["ranges"][1].at("end").is_null());
  EXPECT_TRUE(one.at("last_late_sweep").is_string());
  EXPECT_TRUE(one.at("remembered_ids").is_number());
  EXPECT_TRUE(one.at("last_error").is_null());
}

TEST_F(Telling, StateShowKnowsTheLastErrorOfARunThatCommittedNothing) {
  world_.write_secret("wrong");
  ASSERT_EQ(world_.run({"run", "--once", "M"}).exit_code, 1);
  const json all = shown();
  ASSERT_EQ(all.at("pipelines").size(), 1u);
  const json& error = all["pipelines"][0].at("last_error");
  EXPECT_TRUE(error.at("time").is_string());
  EXPECT_EQ(error.at("delivered_since"), false);
  EXPECT_THAT(error.at("text").get<std::string>(), HasSubstr("Aikido"));
  EXPECT_THAT(world_.run({"state", "show", "M"}).out,
              ContainsRegex("last error       20[0-9-]+T[0-9:]+Z: .*Aikido"));
}

TEST_F(Telling, StateShowSaysThatATroubleIsOver) {
  world_.write_secret("wrong");
  ASSERT_EQ(world_.run({"run", "--once", "M"}).exit_code, 1);
  EXPECT_THAT(world_.run({"state", "show", "M"}).out, testing::Not(HasSubstr("delivered since")));
  world_.write_secret("AIK_SECRET_test");
  ASSERT_EQ(world_.run({"run", "--once", "M"}).exit_code, 0);
  EXPECT_EQ(shown().at("pipelines")[0].at("last_error").at("delivered_since"), true);
  EXPECT_THAT(world_.run({"state", "show", "M"}).out,
              ContainsRegex("last error       .*401.* \\(it has delivered since\\)\n"));
}

// The position goes to the other machine, what was told of it does not.
TEST_F(Telling, AnExportOfAStateWithReportsIsTakenOver) {
  ASSERT_EQ(world_.run({"run", "--once", "M"}).exit_code, 0);
  const std::string exported = world_.run({"state", "export", "M"}).out;
  test_support::write_file(world_.folder / "export.json", exported);
  std::string command;
  for (const std::string& word : world_.arguments({"state", "import", "--yes", "M"}))
    command += "'" + word + "' ";
  command += "< '" + (world_.folder / "export.json").string() + "'";
  const ProgramEnd end = test_support::run_program({"/bin/bash", "-c", command});
  EXPECT_EQ(end.exit_code, 0) << end.err;
  EXPECT_EQ(world_.run({"state", "export", "M"}).out, exported);
  EXPECT_TRUE(shown()["pipelines"][0].at("ranges").empty());
  ASSERT_EQ(world_.run({"run", "--once", "M"}).exit_code, 0);
  EXPECT_EQ(world_.lines(), world_.expected());
  EXPECT_EQ(shown()["pipelines"][0].at("ranges").size(), 2u);
}

}  // namespace
}  // namespace end_to_end
