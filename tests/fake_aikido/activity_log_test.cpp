// The activity log over HTTP: who may ask, what a query may say, and how the answer comes.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/fake_aikido/activity.hpp"
#include "tests/fake_aikido/json_layout.hpp"
#include "tests/fake_aikido/test_client.hpp"
#include "tests/support/simulated_clock.hpp"

namespace fake_aikido {
namespace {

constexpr int64_t kNow = test_support::SimulatedClock::kDefaultStart / kSecond;

class ActivityLog : public testing::Test {
 protected:
  ActivityLog() {
    server.organisation().add(make_activity(120, kNow - 86'400, kNow));
    server.change([](Switches& switches) { switches.quota = 1000; });
    client.token();
  }

  test_support::SimulatedClock clock;
  Server server{{}, std::make_shared<Organisation>(), &clock};
  TestClient client{server.url()};
};

TEST_F(ActivityLog, AnswersABareArrayPageByPageToAnEmptyOne) {
  for (const auto& [page, size] : {std::pair(0, 50u), {1, 50u}, {2, 20u}, {3, 0u}, {99, 0u}}) {
    const Reply reply = client.page("per_page=50&page=" + std::to_string(page));
    ASSERT_EQ(reply.status, 200);
    EXPECT_EQ(reply.header("Content-Type"), "application/json");
    EXPECT_EQ(reply.header("Content-Encoding"), "gzip");
    EXPECT_EQ(reply.header("X-Has-Next-Page"), "");
    const auto body = nlohmann::json::parse(reply.body);
    ASSERT_TRUE(body.is_array());
    EXPECT_EQ(body.size(), size);
  }
}

TEST_F(ActivityLog, SaysWhetherAPageFollowsWhenSwitchedSo) {
  server.change([](Switches& switches) { switches.next_page_header = true; });
  EXPECT_EQ(client.page("per_page=50&page=1").header("X-Has-Next-Page"), "true");
  EXPECT_EQ(client.page("per_page=50&page=2").header("X-Has-Next-Page"), "false");
  EXPECT_EQ(client.page("per_page=40&page=2").header("X-Has-Next-Page"), "false");
}

TEST_F(ActivityLog, TakesEveryDocumentedParameter) {
  const Reply reply = client.page(
      "page=0&per_page=1&start=0&end=1800000000&repository_id=1000&cloud_id=500"
      "&user_type_filter=user_only&search=a%20b+c&action_filter=closed,ignored");
  EXPECT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(server.log().entries().back().asked.parameter("search"), "a b c");
}

TEST_F(ActivityLog, RefusesEveryOtherQuery) {
  const char* const wrong[] = {
      "per_page=51",
      "per_page=0",
      "per_page=",
      "page=-1",
      "page=01",
      "page=1.0",
      "page=0&page=1",
      "page=%20%31",
      "start=1767225600000",
      "start=2026-01-01",
      "start=-5",
      "start=2&end=1",
      "repository_id=00123",
      "repository_id=x",
      "cloud_id=0",
      "filter_cloud_id=1",
      "Page=0",
      "user_type_filter=me",
      "action_filter=",
      "action_filter=closed;x",
      "limit=1",
      "user_type_filter=All",
      "cloud_id=9e3",
      "&",
  };
  for (const char* query : wrong) {
    const Reply reply = client.page(query);
    EXPECT_EQ(reply.status, 400) << query << ": " << reply.body;
    const auto body = nlohmann::json::parse(reply.body);
    EXPECT_EQ(body["status_code"], 400) << query;
    EXPECT_FALSE(body["reason_phrase"].get<std::string>().empty()) << query;
  }
  EXPECT_EQ(server.log().count(Kind::kPage, 400), std::size(wrong));
}

TEST_F(ActivityLog, RefusesOtherMethodsBodiesAndVersions) {
  Sent request;
  request.target = "/api/public/v1/report/activityLog";
  request.headers = {"Authorization: Bearer " + client.token()};
  request.method = "POST";
  EXPECT_EQ(client.send(request).status, 405);
  request.method = "GET";
  request.body = "{}";
  EXPECT_EQ(client.send(request).status, 400);
  request.body.clear();
  request.http_1_0 = true;
  EXPECT_EQ(client.send(request).status, 505);
}

TEST_F(ActivityLog, WantsABearerOfItsOwnThatIsNotExpired) {
  Sent request;
  request.target = "/api/public/v1/report/activityLog?page=0";
  Server other;
  const std::string foreign = TestClient(other.url()).token();
  ASSERT_FALSE(foreign.empty());
  for (const std::string header : {"X-None: 1", "Authorization: Bearer", "Authorization: Bearer x",
                                   "Authorization: Basic QUlLX0NMSUVOVA=="}) {
    request.headers = {header};
    EXPECT_EQ(client.send(request).status, 401) << header;
  }
  request.headers = {"Authorization: Bearer " + foreign};
  const Reply reply = client.send(request);
  EXPECT_EQ(reply.status, 401);
  EXPECT_EQ(nlohmann::json::parse(reply.body)["error"], "invalid_token");
}

TEST_F(ActivityLog, TokensExpireBySimulatedTimeAndCanBeDropped) {
  clock.advance(3599 * kSecond);
  EXPECT_EQ(client.page("page=0").status, 200);
  clock.advance(kSecond);
  EXPECT_EQ(client.page("page=0").status, 401);
  client.token();
  EXPECT_EQ(client.page("page=0").status, 200);
  server.credentials().drop_tokens();
  EXPECT_EQ(client.page("page=0").status, 401);
}

TEST_F(ActivityLog, ARotatedSecretLeavesTokensGoodARevokedClientDoesNot) {
  const auto change = [this](const std::function<void(Client&)>& how) {
    server.credentials().change("AIK_CLIENT_test", how);
  };
  change([](Client& it) { it.secret = "next"; });
  EXPECT_EQ(client.page("page=0").status, 200);
  change([](Client& it) { it.may_read_reports = false; });
  const Reply no_scope = client.page("page=0");
  EXPECT_EQ(no_scope.status, 403);
  EXPECT_NE(no_scope.body.find("reports:read"), std::string::npos);
  change([](Client& it) { it.is_revoked = true; });
  EXPECT_EQ(client.page("page=0").status, 401);
}

TEST_F(ActivityLog, SendsTextsByteForByte) {
  auto own = std::make_shared<Organisation>();
  server.credentials().add({.id = "odd", .secret = "s", .workspace = "w", .organisation = own});
  const std::string odd[] = {R"({"x":1e400,"id":null})",
                             R"({ "id" : 123456789012345678901234567890 })",
                             R"({"timestamp":"\ud800","a":"\/"})", "{}"};
  for (size_t at = 0; at < std::size(odd); ++at)
    own->add({.time_s = kNow - static_cast<int64_t>(at), .text = odd[at]});
  client.token("odd", "s");
  const Reply plain = client.page("page=0");
  EXPECT_EQ(plain.body, '[' + odd[0] + ',' + odd[1] + ',' + odd[2] + ',' + odd[3] + ']');
  server.change([](Switches& switches) { switches.pretty = true; });
  const Reply pretty = client.page("page=0");
  EXPECT_NE(pretty.body, plain.body);
  EXPECT_NE(pretty.body.find("\n    \"x\": 1e400,\n"), std::string::npos) << pretty.body;
  EXPECT_EQ(compact(pretty.body), compact(plain.body));
}

TEST_F(ActivityLog, CompressesOnlyForWhoAsks) {
  Sent request;
  request.target = "/api/public/v1/report/activityLog?page=0";
  request.headers = {"Authorization: Bearer " + client.token()};
  request.gzip = false;
  EXPECT_EQ(client.send(request).header("Content-Encoding"), "");
  request.gzip = true;
  EXPECT_EQ(client.send(request).header("Content-Encoding"), "gzip");
  server.change([](Switches& switches) { switches.gzip = false; });
  EXPECT_EQ(client.send(request).header("Content-Encoding"), "");
}

TEST_F(ActivityLog, KeepsItsOwnClockInTheDateAndInWhatIsVisible) {
  server.organisation().add({.time_s = kNow, .visible_ns = (kNow + 600) * kSecond, .text = "{}"});
  const Reply before = client.page("per_page=50&page=2");
  EXPECT_EQ(before.header("Date"), "Thu, 01 Jan 2026 00:00:00 GMT");
  EXPECT_EQ(nlohmann::json::parse(before.body).size(), 20u);
  server.change([](Switches& switches) { switches.clock_offset_s = 600; });
  const Reply after = client.page("per_page=50&page=2");
  EXPECT_EQ(after.header("Date"), "Thu, 01 Jan 2026 00:10:00 GMT");
  EXPECT_EQ(nlohmann::json::parse(after.body).size(), 21u);
}

TEST_F(ActivityLog, KeepsTheConnectionUnlessSwitched) {
  EXPECT_EQ(client.page("page=0").header("Connection"), "");
  server.change([](Switches& switches) { switches.close_connections = true; });
  EXPECT_EQ(client.page("page=0").header("Connection"), "close");
  EXPECT_EQ(client.page("page=0").status, 200);
}

TEST_F(ActivityLog, ControlIsOffUnlessWanted) {
  EXPECT_EQ(client.send({.target = "/_control/counts"}).status, 404);
  Server open({.control = true}, std::make_shared<Organisation>(), &clock);
  TestClient asking(open.url());
  asking.token();
  const auto counts = nlohmann::json::parse(asking.send({.target = "/_control/counts"}).body);
  EXPECT_EQ(counts["token_requests"], 1);
  EXPECT_EQ(counts["requests"], 1) << "asking for the counts is not counted";
}

}  // namespace
}  // namespace fake_aikido
