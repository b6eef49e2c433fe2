// What an error of the API tells an operator: what is to blame, what to do, and no secret.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugins/aikido_activity_log/vendor_words.hpp"
#include "tests/aikido_activity_log/api_rig.hpp"

namespace aikido {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST_F(ApiTest, ConfigErrorsPointAtASetting) {
  EXPECT_THAT(page_error(answer(404)).text, testing::StartsWith("/region: "));
  EXPECT_THAT(page_error(answer(400)).text, testing::StartsWith("/region: "));
  use(R"({"client_id":"x","base_url":"https://a.b","cloud_id":7})");
  EXPECT_THAT(page_error(answer(404)).text, testing::StartsWith("/base_url: "));
  EXPECT_THAT(page_error(answer(422)).text, testing::StartsWith("/cloud_id: "));
  const Error error = page_error(answer(400), {SweepKind::kBackfill, 0, 1, 0});
  EXPECT_THAT(error.text, testing::StartsWith("/backfill_start_time: "));
  EXPECT_THAT(error.text, HasSubstr("cloud_id"));
}

TEST_F(ApiTest, TheFilterThatAikidoNamesIsToBlame) {
  use(R"({"client_id":"x","repository_id":5,"actions":["nonsense"],"search":"a"})");
  const PageRequest backfill{SweepKind::kBackfill, 0, 1, 0};
  const std::string words = R"({"message":"'action_filter' must hold known actions"})";
  for (const int status : {400, 404, 422})
    for (const PageRequest& asked : {PageRequest{}, backfill})
      EXPECT_THAT(page_error(answer(status, words), asked).text,
                  AllOf(testing::StartsWith("/actions: "), testing::EndsWith("; correct actions")));
  EXPECT_THAT(page_error(answer(400, R"({"error":"repository_id, user_type_filter"})")).text,
              testing::EndsWith("; correct user_type or repository_id"));
}

TEST_F(ApiTest, WhereAikidoNamesNoFilterAllThatAreSetAreNamed) {
  use(R"({"client_id":"x","repository_id":5,"actions":["nonsense"],"search":"a"})");
  for (const char* words : {"", R"({"message":"cloud_id, my_action_filter or searches"})"}) {
    EXPECT_THAT(page_error(answer(400, words)).text,
                AllOf(testing::StartsWith("/repository_id: "),
                      testing::EndsWith("; correct repository_id, search or actions")));
    EXPECT_THAT(page_error(answer(400, words), {SweepKind::kBackfill, 0, 1, 0}).text,
                AllOf(testing::StartsWith("/backfill_start_time: "),
                      testing::EndsWith("anew), or repository_id, search or actions")));
  }
  transport_.push(answer(400));
  EXPECT_THAT(api_->fetch_page({}, INT64_MAX, FilterUse::kNone).error().text,
              testing::EndsWith("; correct region"))
      << "none was sent";
}

TEST_F(ApiTest, ARefusalForSpeedNamesTheSettingThatIsTooFast) {
  EXPECT_THAT(page_error(answer(429)).text, Not(HasSubstr("requests_per_second")));
  use(R"({"client_id":"AIK_CLIENT_test","requests_per_second":0.5})");
  EXPECT_THAT(page_error(answer(429)).text,
              HasSubstr("; if it stays, lower requests_per_second, which is above the 20 calls a "
                        "minute that Aikido allows"));
}

// Whoever swaps the two must not find the secret in a log.
TEST_F(ApiTest, AClientIdThatIsNoneIsNotShown) {
  use(R"({"client_id":"s3cr3t-of-somebody"})");
  for (const int status : {400, 401, 403})
    EXPECT_THAT(token_error(answer(status)).text, Not(HasSubstr("s3cr3t-"))) << status;
  EXPECT_THAT(token_error(answer(401)).text, HasSubstr("refused client_id s3cr... with"));
  EXPECT_THAT(page_error(answer(401)).text, HasSubstr("of client_id s3cr... still exists"));
}

TEST_F(ApiTest, ARefusedTokenRequestSaysWhatToCorrect) {
  EXPECT_THAT(token_error(answer(400, R"({"error":"invalid_request"})")).text,
              testing::EndsWith("; copy client_id anew from Aikido, and check that region names "
                                "Aikido itself"));
}

TEST_F(ApiTest, AnObjectInAListsPlaceSpeaksForItself) {
  const Error error = page_error(answer(200, R"( {"error":"Your plan has no API"})"));
  EXPECT_EQ(error.status, Status::kProtocol);
  EXPECT_THAT(error.text, HasSubstr("Your plan has no API"));
  EXPECT_EQ(page_error(answer(200, "<html>")).status, Status::kProtocol);
  EXPECT_EQ(page_error(answer(200, "[1]")).http_status, 200);
}

TEST_F(ApiTest, StrayWhiteSpaceAndQuotesInTheSecretAreNamed) {
  const auto text = [&](const std::string& secret) {
    host_.secret = secret;
    return token_error(answer(401, R"({"error":"invalid_client"})")).text;
  };
  EXPECT_THAT(text("abc"), Not(HasSubstr("white space")));
  EXPECT_THAT(text("abc"), AllOf(HasSubstr("AIK_CLIENT_test"), HasSubstr("rotated")));
  EXPECT_THAT(text("abc\n"), HasSubstr("ends with white space"));
  EXPECT_THAT(text(" abc\n"), HasSubstr("begins and ends with white space"));
  EXPECT_THAT(text(" abc"), HasSubstr("begins with white space"));
  EXPECT_THAT(text("a bc"), HasSubstr("has white space in it"));
  EXPECT_THAT(text("abc\u00a0"), HasSubstr("ends with white space"));
  EXPECT_THAT(text("abc "), HasSubstr("; remove that white space from it, and check that both"));
  for (const char* quoted : {"\"abc\"", "'abc'", "\u201cabc\u201d"})
    EXPECT_THAT(text(quoted), HasSubstr("stands in quotation marks, which is the likely cause; "
                                        "remove the quotation marks from it, and check"));
  EXPECT_THAT(text("a'bc'"), Not(HasSubstr("quotation marks")));
}

TEST_F(ApiTest, AClientIdThatWasNotReplacedIsNamed) {
  use(R"({"client_id":"AIK_CLIENT_replace_me"})");
  EXPECT_THAT(
      token_error(answer(401)).text,
      HasSubstr("client_id is still that of the example, which is the likely cause; give "));
}

TEST_F(ApiTest, APortThatSpeaksNoTlsIsNamed) {
  use(R"({"client_id":"x","base_url":"https://a.b:8080"})");
  HttpAnswer none;
  none.failure = NoAnswer::kTls;
  none.detail = "error:0A00010B:SSL routines::wrong version number";
  EXPECT_THAT(page_error(none).text,
              HasSubstr("; this port may speak no TLS; check the port in base_url"));
}

TEST_F(ApiTest, AnExpiredCertificateIsItsOwnersToRenew) {
  const auto told = [this](const char* words) {
    return page_error(FakeTransport::lost(NoAnswer::kTls, words)).text;
  };
  EXPECT_THAT(told("certificate has expired"),
              HasSubstr("; its certificate has expired, and its owner has to renew it, unless this "
                        "machine's clock is wrong; check that first"));
  EXPECT_THAT(told("certificate is not yet valid"),
              HasSubstr("; its certificate is not good at this time; check this machine's clock"));
}

// Only the host knows where an operator sets what it gives.
TEST_F(ApiTest, WhatTheHostGivesIsNamedAsTheHostCallsIt) {
  const HttpAnswer untrusted = FakeTransport::lost(NoAnswer::kTls, "self-signed certificate");
  EXPECT_THAT(page_error(untrusted).text, HasSubstr("check the host's CA bundle, and whether"));
  host_.properties["ca_bundle_setting"] = "the field CAs";
  host_.properties["proxy_setting"] = "--proxy";
  EXPECT_THAT(page_error(untrusted).text,
              HasSubstr("check the host's CA bundle (the field CAs), and whether"));
  EXPECT_THAT(page_error(FakeTransport::lost(NoAnswer::kConnect)).text,
              HasSubstr("whether the host needs a proxy (--proxy)"));
  HttpAnswer refused = FakeTransport::lost(NoAnswer::kConnect);
  refused.by_proxy = true;
  refused.proxy_status = 407;
  EXPECT_THAT(page_error(refused).text, HasSubstr("give them in the host's proxy (--proxy) as"));
}

// Whoever was reached is merely slow.
TEST_F(ApiTest, ATimeOutSuspectsTheWayOnlyUpToTheConnection) {
  HttpAnswer late = FakeTransport::lost(NoAnswer::kDeadline);
  EXPECT_THAT(page_error(late).text, HasSubstr("whether the host needs a proxy, or raise"));
  late.connected = true;
  EXPECT_THAT(page_error(late).text, HasSubstr("check the network, or raise request_timeout"));
}

// Whatever form a careless server echoes, no message holds it.
TEST_F(ApiTest, NoErrorHoldsASecretOrAToken) {
  host_.secret = "canary \"secret/ä";
  const std::string basic = base64("AIK_CLIENT_test:" + host_.secret);
  take_token();
  for (const std::string& canary :
       {host_.secret, basic, base64(host_.secret), std::string("canary%20%22secret%2F%C3%A4"),
        std::string(R"(canary \"secret/ä)"), std::string("TOKEN_1"), base64("TOKEN_1")}) {
    std::string body;
    for (const char c : canary)
      body += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    body = R"({"error_description":"you sent )" + body + R"( as it is"})";
    for (const int status : {200, 302, 400, 401, 403, 404, 422, 429, 500}) {
      const Error error = page_error(answer(status, body));
      EXPECT_THAT(error.text, AllOf(HasSubstr("you sent"), Not(HasSubstr(canary)))) << status;
    }
    if (canary.find("TOKEN_1") != std::string::npos || canary == base64("TOKEN_1")) continue;
    for (const int status : {302, 400, 401, 403, 404, 429, 500})
      EXPECT_THAT(token_error(answer(status, body)).text, Not(HasSubstr(canary))) << status;
    EXPECT_THAT(page_error(FakeTransport::lost(NoAnswer::kBroken, canary)).text,
                Not(HasSubstr(canary)));
  }
  EXPECT_EQ(host_.loans, 0);
}

}  // namespace
}  // namespace aikido
