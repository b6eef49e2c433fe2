#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugins/aikido_activity_log/vendor_words.hpp"
#include "tests/aikido_activity_log/api_rig.hpp"

namespace aikido {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

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

TEST_F(ApiTest, WithoutASecretNothingIsAsked) {
  host_.secret = "";
  EXPECT_EQ(api_->fetch_token(INT64_MAX).error().status, Status::kAuth);
  host_.has_secret = false;
  EXPECT_EQ(api_->fetch_token(INT64_MAX).error().status, Status::kAuth);
  EXPECT_TRUE(transport_.asked.empty());
}

TEST_F(ApiTest, RestClosesTheConnection) {
  api_->rest();
  EXPECT_EQ(transport_.rests, 1);
}

}  // namespace
}  // namespace aikido
