#include "plugins/aikido_activity_log/check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/aikido_activity_log/fake_transport.hpp"
#include "tests/aikido_activity_log/host_double.hpp"

namespace aikido {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

class CheckTest : public testing::Test {
 protected:
  void use(const std::string& settings) {
    settings_ = *read_settings(settings, false);
    api_ = std::make_unique<Api>(host_.host(), settings_, transport_);
    check_ = std::make_unique<Check>(host_.host(), settings_, *api_);
  }
  void SetUp() override { use(R"({"client_id":"AIK_CLIENT_test"})"); }

  // Every step until the end; at most one request a call.
  std::vector<json> run() {
    std::vector<json> steps;
    for (int calls = 0; calls < 5; ++calls) {
      const size_t asked = transport_.asked.size();
      const Result<connector::Batch> batch = check_->next({});
      EXPECT_TRUE(batch) << batch.error().text;
      EXPECT_LE(transport_.asked.size(), asked + 1);
      for (const auto& record : batch->records) {
        steps.push_back(json::parse(connector::view(record.data)));
        EXPECT_EQ(json(steps.back()["step"]).dump(), connector::view(record.id));
        EXPECT_EQ(steps.back()["ok"].get<bool>(), steps.back()["remedy"] == "");
      }
      if (batch->wait.reason == CONNECTOR_WAIT_END) return steps;
    }
    ADD_FAILURE() << "no end";
    return steps;
  }
  static std::vector<std::string> verdicts(const std::vector<json>& steps) {
    std::vector<std::string> names;
    for (const json& step : steps)
      names.push_back(step["step"].get<std::string>() + (step["ok"] ? " ok" : " FAILED"));
    return names;
  }

  HostDouble host_;
  FakeTransport transport_;
  Settings settings_;
  std::unique_ptr<Api> api_;
  std::unique_ptr<Check> check_;
};

TEST_F(CheckTest, AllIsWell) {
  transport_.push_token();
  transport_.push_page(R"([{"id":1,"timestamp":1731681045},{"id":2,"timestamp":1731681000}])");
  const auto steps = run();
  EXPECT_THAT(verdicts(steps), ElementsAre("name_resolution ok", "connection ok", "tls ok",
                                           "token ok", "permission ok", "activity_log ok"));
  EXPECT_THAT(steps.back()["detail"].get<std::string>(), HasSubstr("2 records"));
  EXPECT_THAT(steps.back()["detail"].get<std::string>(), HasSubstr("2024-11-15T14:30:45Z"));
  EXPECT_EQ(host_.slots.size(), 2u);
}

TEST_F(CheckTest, AnOrganisationWithoutActivityIsWell) {
  transport_.push_token();
  transport_.push_page("[]");
  const auto steps = run();
  EXPECT_THAT(verdicts(steps), testing::Contains("activity_log ok"));
  EXPECT_THAT(steps.back()["detail"].get<std::string>(), HasSubstr("an hour late"));
}

TEST_F(CheckTest, TheStepThatFailsIsTheLast) {
  HttpAnswer lost = FakeTransport::lost(NoAnswer::kResolve, "no such host");
  transport_.push(lost);
  auto steps = run();
  EXPECT_THAT(verdicts(steps), ElementsAre("name_resolution FAILED"));
  EXPECT_THAT(steps[0]["detail"].get<std::string>(), HasSubstr("no such host"));
  EXPECT_THAT(steps[0]["remedy"].get<std::string>(), HasSubstr("DNS"));

  SetUp();
  lost = FakeTransport::lost(NoAnswer::kConnect);
  lost.resolved = true;
  transport_.push(lost);
  EXPECT_THAT(verdicts(run()), ElementsAre("name_resolution ok", "connection FAILED"));

  SetUp();
  lost = FakeTransport::lost(NoAnswer::kTls, "certificate has expired");
  lost.resolved = lost.connected = true;
  transport_.push(lost);
  EXPECT_THAT(verdicts(run()), ElementsAre("name_resolution ok", "connection ok", "tls FAILED"));
}

TEST_F(CheckTest, AnUnreadableBundleIsNamedAndNotTheNameServer) {
  transport_.push(FakeTransport::lost(
      NoAnswer::kNoAuthorities, "the certificate authorities cannot be read from /no/ca.pem"));
  const auto steps = run();
  EXPECT_THAT(verdicts(steps), ElementsAre("ca_bundle FAILED"));
  EXPECT_EQ(steps[0]["detail"], "the certificate authorities cannot be read from /no/ca.pem");
  EXPECT_EQ(steps[0]["remedy"], "give a readable PEM file as the host's CA bundle");
}

TEST_F(CheckTest, ARefusedSecretFailsTheToken) {
  host_.secret = "pasted ";
  transport_.push(FakeTransport::answer(401, R"({"error":"invalid_client"})"));
  const auto steps = run();
  EXPECT_THAT(verdicts(steps),
              ElementsAre("name_resolution ok", "connection ok", "tls ok", "token FAILED"));
  EXPECT_THAT(steps.back()["detail"].get<std::string>(), HasSubstr("ends with white space"));
  EXPECT_THAT(steps.back()["remedy"].get<std::string>(), HasSubstr("rotated"));
}

TEST_F(CheckTest, WithoutASecretNothingIsSentAndTheTokenFails) {
  host_.has_secret = false;
  EXPECT_THAT(verdicts(run()), ElementsAre("token FAILED"));
  EXPECT_TRUE(transport_.asked.empty());
}

TEST_F(CheckTest, AMissingScopeFailsThePermission) {
  transport_.push_token();
  transport_.push(FakeTransport::answer(403, R"({"error":"You are missing the required scope"})"));
  const auto steps = run();
  EXPECT_EQ(verdicts(steps).back(), "permission FAILED");
  EXPECT_THAT(steps.back()["remedy"].get<std::string>(), HasSubstr("reports:read"));
}

TEST_F(CheckTest, WhatAikidoSaysIsNeverTheRemedy) {
  transport_.push_token();
  transport_.push(
      FakeTransport::answer(403, R"({"error":"no scope; send us your secret;\n now"})"));
  const auto steps = run();
  EXPECT_THAT(steps.back()["detail"].get<std::string>(),
              HasSubstr("(403: \"no scope, send us your secret,  now\")"));
  EXPECT_THAT(steps.back()["remedy"].get<std::string>(),
              testing::StartsWith("give the API client the scope reports:read"));

  SetUp();
  transport_.push(FakeTransport::answer(503, R"({"message":"down; open the firewall;"})"));
  EXPECT_EQ(run().back()["remedy"], "if it stays, see whether Aikido has an outage");
}

// It alone looks up the name and connects.
TEST_F(CheckTest, WhatAProxyDoesIsNotClaimed) {
  HttpAnswer refused = FakeTransport::lost(NoAnswer::kConnect, "CONNECT tunnel failed");
  refused.by_proxy = true;
  transport_.push(refused);
  auto steps = run();
  EXPECT_THAT(verdicts(steps), ElementsAre("name_resolution ok", "connection FAILED"));
  EXPECT_EQ(steps[0]["detail"], "left to the proxy");
  EXPECT_EQ(steps[1]["remedy"], "check the host's proxy, network and firewall");

  SetUp();
  HttpAnswer token = FakeTransport::token();
  token.by_proxy = true;
  transport_.push(token);
  transport_.push_page("[]");
  steps = run();
  EXPECT_EQ(steps[1]["detail"], "https://app.aikido.dev, by the proxy");
  EXPECT_EQ(steps.back()["ok"], true);
}

TEST_F(CheckTest, ASettingIsNamedInWordsWhereNoLineOfAManifestIsShown) {
  transport_.push(FakeTransport::answer(400, "{}"));
  const auto steps = run();
  EXPECT_THAT(steps.back()["detail"].get<std::string>(),
              testing::StartsWith("Aikido's token endpoint at "));
  EXPECT_THAT(steps.back()["remedy"].get<std::string>(),
              testing::StartsWith("copy client_id anew"));
}

TEST_F(CheckTest, AQuotaThatOthersUseUpIsNamed) {
  transport_.push_token();
  transport_.push(FakeTransport::answer(429, "{}"));
  const auto steps = run();
  EXPECT_EQ(verdicts(steps).back(), "activity_log FAILED");
  EXPECT_THAT(steps.back()["detail"].get<std::string>(),
              HasSubstr("429 and wants a pause of 60 s, though this check has asked for no more "
                        "than a token and a page: another process uses up the quota"));
  EXPECT_THAT(steps.back()["remedy"].get<std::string>(),
              HasSubstr("stop it or slow it down, then check again in 60 s"));

  use(R"({"client_id":"AIK_CLIENT_test","requests_per_second":5})");
  transport_.push(FakeTransport::answer(429, "{}"));
  EXPECT_THAT(run().back()["remedy"].get<std::string>(), HasSubstr("set requests_per_second to"));
}

TEST_F(CheckTest, FiltersThatMatchNothingAreNamed) {
  use(R"({"client_id":"AIK_CLIENT_test","cloud_id":7})");
  transport_.push_token();
  transport_.push_page(R"([{"id":1}])");
  transport_.push_page("[]");
  EXPECT_EQ(verdicts(run()).back(), "filters FAILED");
  EXPECT_THAT(transport_.asked[1].url, testing::Not(HasSubstr("cloud_id")));
  EXPECT_THAT(transport_.asked[2].url, HasSubstr("cloud_id=7"));

  use(R"({"client_id":"AIK_CLIENT_test","cloud_id":7})");
  transport_.push_token();
  transport_.push_page(R"([{"id":1}])");
  transport_.push_page(R"([{"id":1}])");
  EXPECT_EQ(verdicts(run()).back(), "filters ok");
}

TEST_F(CheckTest, ItKeepsToThePace) {
  host_.pace_wait_ns = 5;
  const Result<connector::Batch> batch = check_->next({});
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->wait.ns, 5);
  EXPECT_EQ(batch->wait.reason, CONNECTOR_WAIT_RATE_LIMIT);
  EXPECT_TRUE(transport_.asked.empty());
}

TEST_F(CheckTest, CancelIsAnErrorOfTheCall) {
  transport_.push(FakeTransport::lost(NoAnswer::kCancelled));
  const Result<connector::Batch> batch = check_->next({});
  ASSERT_FALSE(batch);
  EXPECT_EQ(batch.error().status, Status::kCancelled);
}

}  // namespace
}  // namespace aikido
