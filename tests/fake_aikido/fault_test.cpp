// Every fault does to an answer what its name says, to the requests it is meant for and no others.
#include <curl/curl.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/fake_aikido/activity.hpp"
#include "tests/fake_aikido/test_client.hpp"
#include "tests/support/simulated_clock.hpp"

namespace fake_aikido {
namespace {

constexpr int64_t kStart = test_support::SimulatedClock::kDefaultStart / kSecond;

class FaultTest : public testing::Test {
 protected:
  FaultTest() {
    server.organisation().add(make_activity(120, kStart - 86'400, kStart));
    server.change([](Switches& switches) { switches.quota = 1000; });
    client.token();
  }

  Reply page_under(Fault fault) {
    server.faults().push(std::move(fault).on(Kind::kPage));
    Sent request = page_request("page=0");
    return client.send(request);
  }
  Sent page_request(const std::string& query) {
    Sent request;
    request.target = "/api/public/v1/report/activityLog?" + query;
    request.headers = {"Authorization: Bearer " + client.token()};
    request.gzip = false;
    return request;
  }

  test_support::SimulatedClock clock;
  Server server{{}, std::make_shared<Organisation>(), &clock};
  TestClient client{server.url()};
};

TEST_F(FaultTest, BefallsTheRequestsThatItIsMeantFor) {
  server.faults().push(fault::status(500).after(1).times(2));
  server.faults().push(fault::status(404).on(Kind::kToken));
  server.faults().push(
      fault::status(422).when([](const Asked& asked) { return asked.parameter("page") == "7"; }));
  std::vector<long> seen;
  for (const char* query : {"page=0", "page=1", "page=2", "page=3", "page=7", "page=7"})
    seen.push_back(client.page(query).status);
  EXPECT_EQ(seen, (std::vector<long>{200, 500, 500, 200, 422, 200}));
  EXPECT_EQ(server.faults().pending(), 1u);
  EXPECT_EQ(client.ask_token().status, 404);
  EXPECT_EQ(client.ask_token().status, 200);
  server.faults().push(fault::status(503).for_ever());
  for (int call = 0; call < 5; ++call) EXPECT_EQ(client.page("page=0").status, 503);
  server.faults().clear();
  EXPECT_EQ(client.page("page=0").status, 200);
}

TEST_F(FaultTest, StatusesComeWithTheirDocumentedBodies) {
  for (const long code : {400L, 404L, 408L, 422L, 500L, 502L, 503L}) {
    const Reply reply = page_under(fault::status(static_cast<unsigned>(code)));
    EXPECT_EQ(reply.status, code);
    EXPECT_EQ(nlohmann::json::parse(reply.body)["status_code"], code);
  }
  EXPECT_NE(page_under(fault::status(401)).body.find("invalid_token"), std::string::npos);
  EXPECT_NE(page_under(fault::status(403)).body.find("reports:read"), std::string::npos);
  const Reply html = page_under(fault::html(502));
  EXPECT_EQ(html.status, 502);
  EXPECT_EQ(html.header("Content-Type"), "text/html; charset=utf-8");
  EXPECT_TRUE(html.body.starts_with("<!DOCTYPE html>"));
}

TEST_F(FaultTest, SaysHowLongToWaitInBothForms) {
  EXPECT_EQ(page_under(fault::status(429)).header("Retry-After"), "");
  EXPECT_EQ(page_under(fault::too_many_requests(17)).header("Retry-After"), "17");
  const Reply until = page_under(fault::too_many_until(kStart + 61));
  EXPECT_EQ(until.status, 429);
  EXPECT_EQ(until.header("Retry-After"), "Thu, 01 Jan 2026 00:01:01 GMT");
  const Reply busy = page_under(fault::retry_after(503, "soon"));
  EXPECT_EQ(busy.status, 503);
  EXPECT_EQ(busy.header("Retry-After"), "soon");
}

TEST_F(FaultTest, ReplacesTheContent) {
  const Reply object = page_under(fault::object_in_place_of_array());
  EXPECT_EQ(object.status, 200);
  EXPECT_TRUE(nlohmann::json::parse(object.body).is_object());
  EXPECT_EQ(page_under(fault::content("text/plain", "hello")).header("Content-Type"), "text/plain");
  const Reply redirect = page_under(fault::redirect("http://127.0.0.2/"));
  EXPECT_EQ(redirect.status, 302);
  EXPECT_EQ(redirect.header("Location"), "http://127.0.0.2/");
  const Reply invalid = page_under(fault::invalid_json());
  EXPECT_EQ(invalid.status, 200);
  EXPECT_FALSE(nlohmann::json::accept(invalid.body));
  EXPECT_EQ(page_under(fault::header("X-Odd", "\x01")).header("X-Odd"), "\x01");
}

TEST_F(FaultTest, SpoilsTokenAnswers) {
  const std::string huge = R"({"access_token":")" + std::string(100'000, 'x') + R"("})";
  for (const std::string& text :
       {std::string("{}"), std::string(R"({"access_token":"a\nb"})"), huge}) {
    server.faults().push(fault::body(text).on(Kind::kToken));
    EXPECT_EQ(client.ask_token().body, text);
  }
}

TEST_F(FaultTest, RepeatsAPage) {
  const std::string first = client.page("per_page=50&page=1").body;
  server.faults().push(fault::repeated_page());
  EXPECT_EQ(client.page("per_page=50&page=2").body, first);
  EXPECT_NE(client.page("per_page=50&page=2").body, first);
}

TEST_F(FaultTest, ResetsAndCuts) {
  // On a connection of its own: libcurl sends again, unasked, what a used one lost.
  server.faults().push(fault::reset().on(Kind::kPage));
  EXPECT_EQ(TestClient(server.url()).send(page_request("page=0")).curl_code, CURLE_RECV_ERROR);
  EXPECT_EQ(server.log().entries().back().status, 0u);
  EXPECT_EQ(page_under(fault::reset(400)).curl_code, CURLE_RECV_ERROR);
  const Reply cut = page_under(fault::cut(10));
  EXPECT_EQ(cut.curl_code, CURLE_PARTIAL_FILE);
  EXPECT_EQ(cut.status, 200);
  EXPECT_EQ(std::to_string(cut.body.size() + 10), cut.header("Content-Length"));
  EXPECT_EQ(client.page("page=0").status, 200) << "the next request gets a new connection";
}

TEST_F(FaultTest, HeadersWithoutEndAreGivenUpByTheClient) {
  server.faults().push(fault::endless_headers().on(Kind::kPage));
  Sent request = page_request("page=0");
  request.most_bytes = 1'000'000;
  const Reply reply = client.send(request);
  EXPECT_NE(reply.curl_code, 0);
  EXPECT_GT(reply.head.size(), 100'000u);
  EXPECT_EQ(client.page("page=0").status, 200);
}

TEST_F(FaultTest, AGzipBombIsSmallOnTheWire) {
  server.faults().push(fault::gzip_bomb(64 << 20).on(Kind::kPage));
  Sent request = page_request("page=0");
  request.gzip = true;
  request.most_bytes = 1 << 20;
  const Reply reply = client.send(request);
  EXPECT_EQ(reply.curl_code, CURLE_WRITE_ERROR);
  EXPECT_EQ(reply.header("Content-Encoding"), "gzip");
  EXPECT_LT(std::stol(reply.header("Content-Length")), 1 << 20);
}

// From here on the client is like the plugin: it polls the host's clock from inside its work.
class ParkedFault : public FaultTest {
 protected:
  // Gives up after `timeout_ns` of simulated time; says in `passed_ns` how much passed.
  Reply send(Fault fault, int64_t timeout_ns) {
    server.faults().push(std::move(fault).on(Kind::kPage));
    Sent request = page_request("page=0");
    const int64_t begin_ns = clock.now_ns();
    clock.work_begins();
    const int64_t due_ns = clock.monotonic_ns() + timeout_ns;
    request.goes_on = [this, due_ns] { return clock.monotonic_ns() < due_ns; };
    Reply reply = client.send(request);
    // Who has given up may look at the clock as often as it likes, though the server may not know.
    for (int read = 0; read < 5; ++read) clock.monotonic_ns();
    clock.work_ends();
    passed_ns = clock.now_ns() - begin_ns;
    return reply;
  }
  int64_t passed_ns = -1;
};

TEST_F(ParkedFault, ProperAnswersTakeNoTime) {
  EXPECT_EQ(send(fault::status(200), 30 * kSecond).status, 200);
  EXPECT_EQ(passed_ns, 0);
}

TEST_F(ParkedFault, ADelayTakesExactlyItsTime) {
  const Reply reply = send(fault::delay(12'345 * kSecond / 1000), 30 * kSecond);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(passed_ns, 12'345 * kSecond / 1000);
}

TEST_F(ParkedFault, AHangEndsAtTheClientsTimeOut) {
  for (int again = 0; again < 3; ++again) {
    const Reply reply = send(fault::hang(), 30 * kSecond);
    EXPECT_EQ(reply.curl_code, CURLE_ABORTED_BY_CALLBACK);
    EXPECT_EQ(reply.head, "");
    EXPECT_EQ(passed_ns, 30 * kSecond);
    EXPECT_EQ(clock.parked(), 0u);
  }
}

TEST_F(ParkedFault, ASlowBodyDripsInSimulatedTime) {
  const Reply reply = send(fault::drip(1000, kSecond / 4), kHour);
  EXPECT_EQ(reply.curl_code, 0);
  const auto drops = static_cast<int64_t>((reply.body.size() + 999) / 1000);
  EXPECT_GT(drops, 3);
  EXPECT_EQ(passed_ns, drops * kSecond / 4);
}

TEST_F(ParkedFault, AnEventOnTheWayRunsAtItsTime) {
  std::vector<int64_t> seen;
  for (const int64_t after_ns : {7 * kSecond / 2, kSecond / 2})
    clock.after(after_ns, [this, &seen] { seen.push_back(clock.now_ns() - kStart * kSecond); });
  send(fault::hang(), 5 * kSecond);
  EXPECT_EQ(seen, (std::vector<int64_t>{kSecond / 2, 7 * kSecond / 2}));
}

TEST_F(ParkedFault, AServerThatStopsLetsItsClientsGo) {
  Sent request = page_request("page=0");
  server.faults().push(fault::hang());
  request.goes_on = [this] {
    if (clock.parked() == 0) return true;
    server.stop();
    return true;
  };
  clock.work_begins();
  EXPECT_NE(client.send(request).curl_code, 0);
  EXPECT_EQ(clock.parked(), 0u);
  clock.work_ends();
}

// The same on the system's clock, for the program.
TEST(RealTimeFault, ADelayComesToItsEnd) {
  Server server;
  TestClient client(server.url());
  client.token();
  server.faults().push(fault::delay(kSecond / 50));
  server.faults().push(fault::drip(1, kSecond / 100));
  EXPECT_EQ(client.page("page=0").status, 200);
  EXPECT_EQ(client.page("page=0").body, "[]");
  server.faults().push(fault::hang());
  EXPECT_EQ(client.send({.target = "/", .timeout_ms = 50}).curl_code, CURLE_OPERATION_TIMEDOUT);
}

TEST(MuteServer, AcceptsAndSaysNothing) {
  test_support::SimulatedClock clock;
  Server server({.tls = CertificateAuthority().issue({"localhost"}), .mute = true},
                std::make_shared<Organisation>(), &clock);
  TestClient client(server.url());
  clock.work_begins();
  const int64_t due_ns = clock.monotonic_ns() + 10 * kSecond;
  Sent request;
  request.goes_on = [&] { return clock.monotonic_ns() < due_ns; };
  EXPECT_EQ(client.send(request).curl_code, CURLE_ABORTED_BY_CALLBACK);
  EXPECT_EQ(clock.monotonic_ns(), due_ns);
  clock.work_ends();
}

}  // namespace
}  // namespace fake_aikido
