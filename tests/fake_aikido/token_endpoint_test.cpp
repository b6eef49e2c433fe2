// The token endpoint refuses everything that it does not document.
#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/fake_aikido/test_client.hpp"
#include "tests/support/simulated_clock.hpp"

namespace fake_aikido {
namespace {

class TokenEndpoint : public testing::Test {
 protected:
  static Sent proper() {
    Sent request;
    request.method = "POST";
    request.target = "/api/oauth/token";
    request.body = "grant_type=client_credentials";
    request.basic = "AIK_CLIENT_test:AIK_SECRET_test";
    return request;
  }
  // Changes the proper request and sends it.
  Reply send(const std::function<void(Sent&)>& change) {
    Sent request = proper();
    change(request);
    return client.send(request);
  }
  static nlohmann::json json(const Reply& reply) { return nlohmann::json::parse(reply.body); }

  test_support::SimulatedClock clock;
  Server server{{}, std::make_shared<Organisation>(), &clock};
  TestClient client{server.url()};
};

TEST_F(TokenEndpoint, GivesATokenForAFormOrJson) {
  std::set<std::string> tokens;
  for (const bool form : {true, false}) {
    const Reply reply = send([form](Sent& request) {
      if (form) return;
      request.headers = {"Content-Type: application/json; charset=utf-8"};
      request.body = R"({"grant_type": "client_credentials"})";
    });
    ASSERT_EQ(reply.status, 200) << reply.body;
    EXPECT_EQ(json(reply)["expires_in"], 3600);
    EXPECT_EQ(json(reply)["token_type"], "bearer");
    tokens.insert(json(reply)["access_token"].get<std::string>());
  }
  EXPECT_EQ(tokens.size(), 2u);
}

TEST_F(TokenEndpoint, RefusesWhatIsNotAProperRequest) {
  struct Case {
    const char* name;
    long status;
    std::string error;
    std::function<void(Sent&)> change;
  };
  const Case cases[] = {
      {"method", 405, "", [](Sent& sent) { sent.method = "PUT"; }},
      {"query", 400, "invalid_request", [](Sent& sent) { sent.target += "?grant_type=x"; }},
      {"content type", 415, "", [](Sent& sent) { sent.headers = {"Content-Type: text/plain"}; }},
      {"empty body", 400, "invalid_request", [](Sent& sent) { sent.body = "x"; }},
      {"other grant", 400, "unsupported_grant_type",
       [](Sent& sent) { sent.body = "grant_type=password"; }},
      {"more in the form", 400, "invalid_request", [](Sent& sent) { sent.body += "&scope=all"; }},
      {"broken JSON", 400, "invalid_request",
       [](Sent& sent) {
         sent.headers = {"Content-Type: application/json"};
         sent.body = "{";
       }},
      {"no credentials", 401, "invalid_client", [](Sent& sent) { sent.basic.clear(); }},
      {"wrong secret", 401, "invalid_client", [](Sent& sent) { sent.basic += " "; }},
      {"wrong id", 401, "invalid_client", [](Sent& sent) { sent.basic = "x" + sent.basic; }},
      {"no colon", 401, "invalid_client",
       [](Sent& sent) {
         sent.basic.clear();
         sent.headers = {"Authorization: Basic eA=="};
       }},
      {"HTTP/1.0", 505, "", [](Sent& sent) { sent.http_1_0 = true; }},
      {"no host", 400, "", [](Sent& sent) { sent.headers = {"Host:"}; }},
      {"other path", 404, "", [](Sent& sent) { sent.target = "/oauth/token"; }},
  };
  for (const Case& wrong : cases) {
    const Reply reply = send(wrong.change);
    EXPECT_EQ(reply.status, wrong.status) << wrong.name << ": " << reply.body;
    const nlohmann::json body = json(reply);
    if (wrong.error.empty())
      EXPECT_EQ(body["status_code"], wrong.status) << wrong.name;
    else
      EXPECT_EQ(body["error"], wrong.error) << wrong.name;
  }
  EXPECT_EQ(server.log().count(), std::size(cases));
}

TEST_F(TokenEndpoint, RefusesARotatedSecretARevokedClientAndAPublicApp) {
  const auto change = [this](const std::function<void(Client&)>& how) {
    server.credentials().change("AIK_CLIENT_test", how);
  };
  change([](Client& it) { it.secret = "next"; });
  EXPECT_EQ(client.ask_token().status, 401);
  EXPECT_EQ(client.ask_token("AIK_CLIENT_test", "next").status, 200);
  change([](Client& it) { it.is_public = true; });
  const Reply is_public = client.ask_token("AIK_CLIENT_test", "next");
  EXPECT_EQ(is_public.status, 401);
  EXPECT_NE(is_public.body.find("three-legged"), std::string::npos);
  change([](Client& it) { it = {.secret = "next", .is_revoked = true}; });
  EXPECT_EQ(client.ask_token("AIK_CLIENT_test", "next").status, 401);
}

TEST_F(TokenEndpoint, SaysItWith400WhenSwitchedSo) {
  server.change([](Switches& switches) { switches.refuse_credentials_with_400 = true; });
  const Reply reply = client.ask_token("AIK_CLIENT_test", "wrong");
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(json(reply)["error"], "invalid_client");
}

TEST_F(TokenEndpoint, LogsTheClientAndTheStatus) {
  client.ask_token();
  client.ask_token("AIK_CLIENT_other", "x");
  const auto entries = server.log().entries();
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].asked.client, "AIK_CLIENT_test");
  EXPECT_EQ(entries[0].status, 200u);
  EXPECT_EQ(entries[1].asked.client, "AIK_CLIENT_other");
  EXPECT_EQ(server.log().count(Kind::kToken, 401), 1u);
}

}  // namespace
}  // namespace fake_aikido
