// The steps of `check` that are the plugin's: each is broken alone, at the service.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "tests/end_to_end/checking.hpp"

namespace end_to_end {
namespace {

namespace fault = fake_aikido::fault;
using fake_aikido::Client;
using fake_aikido::Kind;
using nlohmann::json;
using test_support::ProgramEnd;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

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
