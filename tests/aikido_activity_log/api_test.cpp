#include "plugins/aikido_activity_log/api.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugins/aikido_activity_log/vendor_words.hpp"
#include "tests/aikido_activity_log/fake_transport.hpp"
#include "tests/aikido_activity_log/host_double.hpp"

namespace aikido {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class ApiTest : public testing::Test {
 protected:
  void use(const std::string& settings) {
    settings_ = *read_settings(settings, false);
    api_ = std::make_unique<Api>(host_.host(), settings_, transport_);
  }
  void SetUp() override { use(R"({"client_id":"AIK_CLIENT_test"})"); }

  void take_token() {
    transport_.push_token();
    ASSERT_TRUE(api_->fetch_token(INT64_MAX));
  }
  Error token_error(HttpAnswer answer) {
    transport_.push(std::move(answer));
    const Result<void> taken = api_->fetch_token(INT64_MAX);
    EXPECT_FALSE(taken);
    return taken ? Error{} : taken.error();
  }
  Error page_error(HttpAnswer answer, const PageRequest& asked = {}) {
    transport_.push(std::move(answer));
    const Result<Page> page = api_->fetch_page(asked, INT64_MAX);
    EXPECT_FALSE(page);
    return page ? Error{} : page.error();
  }
  static HttpAnswer answer(int status, std::string body = {}) {
    return FakeTransport::answer(status, std::move(body));
  }

  HostDouble host_;
  FakeTransport transport_;
  Settings settings_;
  std::unique_ptr<Api> api_;
};

TEST_F(ApiTest, ATokenIsAskedForAsDocumented) {
  take_token();
  const HttpRequest& asked = transport_.asked.at(0);
  EXPECT_EQ(asked.url, "https://app.aikido.dev/api/oauth/token");
  EXPECT_EQ(asked.form, "grant_type=client_credentials");
  EXPECT_EQ(asked.authorization, "Basic " + base64("AIK_CLIENT_test:AIK_SECRET_test"));
  EXPECT_EQ(asked.deadline_ns, host_.monotonic_ns + 30 * kNsPerSecond);
  EXPECT_TRUE(api_->has_token());
  EXPECT_EQ(host_.loans, 0);
  EXPECT_EQ(host_.lent, 1);
}

TEST_F(ApiTest, APageIsAskedForWithAllThatHasADefault) {
  take_token();
  transport_.push_page("[]");
  ASSERT_TRUE(api_->fetch_page({SweepKind::kLate, 100, 200, 3}, INT64_MAX));
  EXPECT_EQ(transport_.asked.at(1).url,
            "https://app.aikido.dev/api/public/v1/report/activityLog"
            "?page=3&per_page=50&start=100&end=200&user_type_filter=all");
  EXPECT_EQ(transport_.asked.at(1).authorization, "Bearer TOKEN_1");
  EXPECT_EQ(transport_.asked.at(1).form, "");
}

TEST_F(ApiTest, FiltersAreSentEscapedUnlessTheyAreNotWanted) {
  use(R"({"client_id":"x","region":"us","repository_id":"007","cloud_id":5,"search":"a&b= c",
          "user_type":"user_only","actions":["snoozed","closed"]})");
  transport_.push_page("[]");
  transport_.push_page("[]");
  ASSERT_TRUE(api_->fetch_page({}, INT64_MAX));
  ASSERT_TRUE(api_->fetch_page({}, INT64_MAX, FilterUse::kNone));
  EXPECT_THAT(transport_.asked.at(0).url,
              AllOf(HasSubstr("https://app.us.aikido.dev/"), HasSubstr("&repository_id=7"),
                    HasSubstr("&cloud_id=5"), HasSubstr("&search=a%26b%3D%20c"),
                    HasSubstr("&user_type_filter=user_only"),
                    HasSubstr("&action_filter=closed%2Csnoozed")));
  EXPECT_THAT(transport_.asked.at(1).url,
              AllOf(Not(HasSubstr("repository_id")), HasSubstr("user_type_filter=all")));
}

TEST_F(ApiTest, TheHostsDeadlineCountsWhereItIsEarlier) {
  transport_.push_token();
  ASSERT_TRUE(api_->fetch_token(host_.monotonic_ns + 5));
  EXPECT_EQ(transport_.asked.at(0).deadline_ns, host_.monotonic_ns + 5);
}

TEST_F(ApiTest, HeadersOfAPageArePassedOn) {
  for (const auto& [text, has_next] : std::vector<std::pair<std::string, std::optional<bool>>>{
           {"true", true}, {"false", false}, {"", std::nullopt}, {"maybe", std::nullopt}}) {
    HttpAnswer page = answer(200, "[{\"id\":1}]");
    page.has_next_page = text;
    page.date = "Sun, 06 Nov 1994 08:49:37 GMT";
    transport_.push(page);
    const Result<Page> got = api_->fetch_page({}, INT64_MAX);
    ASSERT_TRUE(got);
    EXPECT_EQ(got->has_next, has_next);
    EXPECT_EQ(api_->last_exchange().date_s, 784'111'777);
    EXPECT_EQ(api_->last_exchange().body_bytes, 10u);
    EXPECT_EQ(api_->last_exchange().http_status, 200);
  }
}

TEST_F(ApiTest, EveryStatusOfAPageHasItsClass) {
  const std::vector<std::pair<int, Status>> classes = {
      {400, Status::kConfig},      {401, Status::kAuth},      {403, Status::kAuth},
      {404, Status::kConfig},      {408, Status::kTransient}, {422, Status::kConfig},
      {429, Status::kRateLimited}, {500, Status::kTransient}, {502, Status::kTransient},
      {503, Status::kTransient},   {504, Status::kTransient}, {599, Status::kTransient},
      {204, Status::kProtocol},    {301, Status::kProtocol},  {302, Status::kProtocol},
      {405, Status::kProtocol},    {418, Status::kProtocol}};
  for (const auto& [status, expected] : classes) {
    const Error error = page_error(answer(status, R"({"reason_phrase":"the words"})"));
    EXPECT_EQ(error.status, expected) << status;
    EXPECT_EQ(error.http_status, status);
    EXPECT_THAT(error.text, AllOf(HasSubstr(std::to_string(status)), HasSubstr("the words"),
                                  HasSubstr("https://app.aikido.dev"), HasSubstr("; ")));
    EXPECT_EQ(error.text.find('\n'), std::string::npos);
  }
}

TEST_F(ApiTest, EveryStatusOfATokenHasItsClass) {
  const std::vector<std::pair<int, Status>> classes = {
      {400, Status::kConfig},      {401, Status::kAuth},      {403, Status::kAuth},
      {404, Status::kConfig},      {408, Status::kTransient}, {422, Status::kConfig},
      {429, Status::kRateLimited}, {500, Status::kTransient}, {302, Status::kProtocol}};
  for (const auto& [status, expected] : classes)
    EXPECT_EQ(token_error(answer(status)).status, expected) << status;
  EXPECT_EQ(token_error(answer(400, R"({"error":"invalid_client"})")).status, Status::kAuth);
  EXPECT_EQ(token_error(answer(200, "[]")).status, Status::kProtocol);
  EXPECT_THAT(
      token_error(answer(401, R"({"error_description":"meant for the three-legged flow"})")).text,
      testing::HasSubstr("make one for client credentials in Aikido"));
  EXPECT_FALSE(api_->has_token());
}

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

TEST_F(ApiTest, TheDateOfAnAnswerThatDidNotComeIsNone) {
  HttpAnswer page = answer(200, "[]");
  page.date = "Thu, 01 Jan 2026 12:00:00 GMT";
  transport_.push(page);
  ASSERT_TRUE(api_->fetch_page({}, INT64_MAX));
  EXPECT_EQ(api_->last_exchange().date_s, kNoon);
  page.failure = NoAnswer::kTls;
  page_error(page);
  EXPECT_EQ(api_->last_exchange().date_s, std::nullopt) << "it may be a proxy's";
}

TEST_F(ApiTest, EveryWayToHaveNoAnswerHasItsClass) {
  const std::vector<std::pair<NoAnswer, Status>> classes = {
      {NoAnswer::kCancelled, Status::kCancelled}, {NoAnswer::kDeadline, Status::kTransient},
      {NoAnswer::kResolve, Status::kTransient},   {NoAnswer::kConnect, Status::kTransient},
      {NoAnswer::kTls, Status::kTransient},       {NoAnswer::kBroken, Status::kTransient},
      {NoAnswer::kTooLarge, Status::kProtocol}};
  for (const auto& [why, expected] : classes) {
    EXPECT_EQ(page_error(FakeTransport::lost(why, "a detail")).status, expected);
    EXPECT_EQ(token_error(FakeTransport::lost(why)).status, expected);
  }
  EXPECT_THAT(page_error(FakeTransport::lost(NoAnswer::kTls, "it has expired\n")).text,
              HasSubstr("(it has expired )"));
  transport_.push(FakeTransport::lost(NoAnswer::kDeadline));
  EXPECT_EQ(api_->fetch_page({}, host_.monotonic_ns).error().status, Status::kDeadline);
}

TEST_F(ApiTest, ARetryAfterHoldsThePaceAndIsTheWait) {
  HttpAnswer slower = answer(429);
  slower.retry_after = "17";
  Error error = page_error(slower);
  EXPECT_EQ(error.wait.ns, 17 * kNsPerSecond);
  EXPECT_EQ(error.wait.reason, CONNECTOR_WAIT_RATE_LIMIT);
  slower.date = "Sun, 06 Nov 1994 08:49:37 GMT";
  slower.retry_after = "Sun, 06 Nov 1994 08:50:00 GMT";
  EXPECT_EQ(token_error(slower).wait.ns, 23 * kNsPerSecond);
  slower.retry_after = "soon";
  EXPECT_EQ(page_error(slower).wait.ns, 60 * kNsPerSecond) << "the quota is one of a minute";
  slower.retry_after = "0";
  EXPECT_EQ(page_error(slower).wait.ns, kNsPerSecond);
  slower.status = 503;
  slower.retry_after = "7";
  error = page_error(slower);
  EXPECT_EQ(error.wait.ns, 7 * kNsPerSecond);
  EXPECT_EQ(error.wait.reason, CONNECTOR_WAIT_BACKOFF);
  EXPECT_THAT(host_.holds, testing::ElementsAre(17 * kNsPerSecond, 23 * kNsPerSecond,
                                                60 * kNsPerSecond, kNsPerSecond, 7 * kNsPerSecond));
  EXPECT_EQ(page_error(answer(503)).wait.ns, 0);
  EXPECT_EQ(host_.holds.size(), 5u);
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

TEST_F(ApiTest, WithoutASecretNothingIsAsked) {
  host_.secret = "";
  EXPECT_EQ(api_->fetch_token(INT64_MAX).error().status, Status::kAuth);
  host_.has_secret = false;
  EXPECT_EQ(api_->fetch_token(INT64_MAX).error().status, Status::kAuth);
  EXPECT_TRUE(transport_.asked.empty());
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

TEST_F(ApiTest, RestClosesTheConnection) {
  api_->rest();
  EXPECT_EQ(transport_.rests, 1);
}

}  // namespace
}  // namespace aikido
