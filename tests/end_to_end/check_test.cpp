// `check` as an operator meets it: each step is broken alone, for the real program over the real
// stand-in, and the report says which one it is, why, and what to do.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <sstream>

#include "host_sim/descriptor.hpp"
#include "tests/end_to_end/program_world.hpp"

namespace end_to_end {
namespace {

namespace fault = fake_aikido::fault;
using fake_aikido::Client;
using fake_aikido::Kind;
using nlohmann::json;
using test_support::ProgramEnd;
using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

struct Failure {
  std::string step;
  std::string cause;
  std::string remedy;
  int exit_code = 1;
};

std::vector<json> steps_of(const std::string& out) {
  std::vector<json> steps;
  std::istringstream lines(out);
  for (std::string line; std::getline(lines, line);) {
    steps.push_back(json::parse(line, nullptr, false));
    EXPECT_TRUE(steps.back().is_object()) << line;
  }
  return steps;
}

std::vector<std::string> names_of(const std::vector<json>& steps) {
  std::vector<std::string> names;
  for (const json& step : steps) names.push_back(step["step"]);
  return names;
}

class Check : public testing::Test {
 protected:
  // The last line fails, and no other.
  static void expect_for_machines(const ProgramEnd& end, const Failure& failure) {
    EXPECT_EQ(end.exit_code, failure.exit_code) << end.out << end.err;
    const std::vector<json> steps = steps_of(end.out);
    ASSERT_THAT(steps, Not(IsEmpty())) << end.err;
    for (size_t i = 0; i < steps.size(); ++i)
      EXPECT_EQ(steps[i]["ok"], i + 1 < steps.size()) << end.out;
    EXPECT_EQ(steps.back()["step"], failure.step) << end.out;
    EXPECT_THAT(steps.back()["detail"].get<std::string>(), HasSubstr(failure.cause));
    EXPECT_THAT(steps.back()["remedy"].get<std::string>(),
                AllOf(Not(IsEmpty()), HasSubstr(failure.remedy)));
  }
  static void expect_for_people(const ProgramEnd& end, const Failure& failure) {
    EXPECT_EQ(end.exit_code, failure.exit_code) << end.out << end.err;
    const size_t at = end.out.find("FAIL  ");
    ASSERT_NE(at, std::string::npos) << end.out << end.err;
    EXPECT_THAT(end.out.substr(at), AllOf(StartsWith("FAIL  " + failure.step + " "),
                                          HasSubstr(failure.cause), HasSubstr(failure.remedy)));
    EXPECT_EQ(end.out.find('\n', at), end.out.size() - 1) << "it is the last line: " << end.out;
  }
  static void expect(ProgramWorld& world, const Failure& failure) {
    expect_for_machines(world.run({"check", "--json", "M"}), failure);
    expect_for_people(world.run({"check", "M"}), failure);
  }

  void TearDown() override { EXPECT_FALSE(std::filesystem::exists(world_.output)); }

  ProgramWorld world_;
};

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

// By the schema all is well; what it means is the plugin's to say.
TEST_F(Check, Settings) {
  world_.settings["backfill_start_time"] = "2024-13-45";
  expect(world_, {"settings", "is not a time with its zone", "", 2});
  EXPECT_EQ(world_.server().log().count(), 0U);
}

TEST_F(Check, NameResolution) {
  world_.settings["base_url"] = "https://aikido.invalid";
  expect(
      world_,
      {"name_resolution", "https://aikido.invalid cannot be resolved",
       "check this machine's DNS, base_url, and whether the host needs a proxy (CONNECTOR_PROXY)"});
}

TEST_F(Check, Connection) {
  world_.settings["base_url"] = "http://127.0.0.1:1";
  expect(world_,
         {"connection", "no connection to",
          "check network and firewall, and whether the host needs a proxy (CONNECTOR_PROXY)"});
}

TEST_F(Check, Tls) {
  const fake_aikido::CertificateAuthority authority;
  ProgramWorld world({.tls = authority.issue({"IP:127.0.0.1"})});
  expect(world, {"tls", "no trusted TLS connection to",
                 "check the host's CA bundle (CONNECTOR_CA_BUNDLE)"});
}

TEST_F(Check, Authorities) {
  world_.settings["base_url"] = "https://127.0.0.1:1";
  world_.environment["CONNECTOR_CA_BUNDLE"] = "/no/such/bundle.pem";
  expect(world_, {"ca_bundle", "cannot be read from /no/such/bundle.pem",
                  "give a readable PEM file as the host's CA bundle (CONNECTOR_CA_BUNDLE)"});
}

TEST_F(Check, TokenForAWrongSecret) {
  world_.write_secret("AIK_SECRET_other");
  expect(world_, {"token", "refused client_id AIK_CLIENT_test with its client_secret (401",
                  "check that both belong together, to the region, and were neither rotated nor "
                  "revoked or expired"});
}

TEST_F(Check, TokenForASecretWithStraySpaces) {
  world_.write_secret("AIK_SECRET_test \n");
  expect(world_, {"token", "the secret ends with white space, which is the likely cause",
                  "remove that white space from it, and check that both belong together"});
}

TEST_F(Check, TokenForRevokedCredentials) {
  world_.server().credentials().change("AIK_CLIENT_test",
                                       [](Client& client) { client.is_revoked = true; });
  expect(world_, {"token", "(401", "revoked or expired"});
}

TEST_F(Check, Permission) {
  world_.server().credentials().change("AIK_CLIENT_test",
                                       [](Client& client) { client.may_read_reports = false; });
  expect(world_, {"permission", "is not allowed (403",
                  "give the API client the scope "
                  "reports:read"});
}

TEST_F(Check, ActivityLog) {
  world_.server().faults().push(fault::status(503).on(Kind::kPage).for_ever());
  expect(world_, {"activity_log", "answered 503", "see whether Aikido has an outage"});
  world_.server().faults().clear();
  world_.server().faults().push(fault::object_in_place_of_array().on(Kind::kPage).for_ever());
  expect(world_, {"activity_log", "an object instead of a list",
                  "check that the workspace's plan includes the API"});
}

TEST_F(Check, AnEmptyActivityLogIsWellAndTheHoursDelayIsSaid) {
  const ProgramEnd end = world_.run({"check", "M"});
  EXPECT_EQ(end.exit_code, 0) << end.out;
  EXPECT_THAT(end.out, HasSubstr("ok    activity_log    no record in the last 30 days (Aikido "
                                 "shows an action up to an hour late)\n"));
}

TEST_F(Check, Filters) {
  world_.add_history(30);
  world_.settings["repository_id"] = "4711471147";
  expect(world_, {"filters", "match no record of the last 30 days, though there are some",
                  "widen repository_id"});
}

// Aikido may know actions that are not documented, so nothing is refused.
TEST_F(Check, AnActionThatIsLikelyMisspeltIsDoubted) {
  world_.add_history(30);
  world_.settings["actions"] = "[re_open, snoozd, quite_new]";
  const ProgramEnd end = world_.run({"check", "M"});
  EXPECT_THAT(end.out, HasSubstr("ok    settings        accepted by aikido_activity_log, but "));
  EXPECT_THAT(end.out,
              HasSubstr(".input.settings.actions[1]: \"snoozd\" is none of the values that "
                        "are known; did you mean snoozed?\n"));
  EXPECT_THAT(end.out, Not(HasSubstr("quite_new\" is none")));
}

// The other one works with the same credentials, but from a state of its own.
TEST_F(Check, AnotherProcessOnTheSameQuota) {
  ProgramWorld other;
  other.settings["base_url"] = world_.server().url();
  world_.server().change([](fake_aikido::Switches& its) { its.quota = 3; });
  ASSERT_EQ(other.run({"check", "M"}).exit_code, 0);
  const Failure used_up{"activity_log", "another process uses up the quota",
                        "find what else calls Aikido for this workspace"};
  expect_for_machines(world_.run({"check", "--json", "M"}), used_up);
  const Failure at_once{"token", "another process uses up the quota", "stop it or slow it down"};
  expect_for_people(world_.run({"check", "M"}), at_once);
}

TEST_F(Check, ARunOnTheSameStateIsNamed) {
  const auto run = world_.start({"run", "M"});
  ASSERT_TRUE(comes_true([&] { return world_.committed().has_value(); })) << run->err();
  expect(world_,
         {"state", "is in use by another host (process " + std::to_string(run->pid()) + ")", ""});
  run->signal(SIGTERM);
  EXPECT_TRUE(run->wait(kBounded));
  std::filesystem::remove(world_.output);
}

// An answer that would like to be obeyed.
TEST_F(Check, WhatTheServiceSaysIsNoRemedy) {
  world_.server().faults().push(
      fault::body(R"({"error":"no scope; send your secret to evil.test;\n do it now"})", 403)
          .on(Kind::kPage)
          .for_ever());
  const ProgramEnd end = world_.run({"check", "--json", "M"});
  const json failed = steps_of(end.out).back();
  EXPECT_EQ(failed["step"], "permission");
  EXPECT_THAT(failed["detail"].get<std::string>(),
              EndsWith("(403: \"no scope, send your secret to evil.test,  do it now\")"));
  EXPECT_THAT(failed["remedy"].get<std::string>(),
              AllOf(StartsWith("give the API client the scope"), Not(HasSubstr("evil"))));
}

}  // namespace
}  // namespace end_to_end
