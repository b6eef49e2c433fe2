// The server over real sockets: who is answered, and what a client may take.
#include "host_sim/status/server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <sstream>

#include "tests/host_sim/status/raw_client.hpp"
#include "tests/host_sim/status/snapshots.hpp"

namespace host::status {
namespace {

using test::ask;
using test::body_of;
using test::code_of;
using test::get;
using test::RawClient;
using test::status;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kGet = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
constexpr Limits kShort{.request = std::chrono::milliseconds(300)};

class StatusServer : public testing::Test {
 protected:
  uint16_t start(const Limits& limits = {}) {
    auto opened =
        Server::open({.address = {"127.0.0.1"}, .names = {"monitor.example"}, .limits = limits},
                     {.statuses = [this] { return std::vector{now()}; },
                      .snapshot =
                          [this] {
                            return Snapshot{.host = {}, .pipelines = {{now(), {}}}};
                          }},
                     clock_, *log_);
    if (!opened) {
      ADD_FAILURE() << opened.error().text;
      return 0;
    }
    server_ = *std::move(opened);
    return test::port_in(server_->url());
  }

  PipelineStatus now() const {
    return well_ ? status("a", PipelineHealth::kRunning)
                 : status("a", PipelineHealth::kStopped, "the key is refused");
  }

  std::atomic<bool> well_ = true;
  SystemClock clock_;
  std::ostringstream lines_;
  std::unique_ptr<Log> log_ = make_log(clock_, LogLevel::kDebug, LogFormat::kText, lines_);
  std::unique_ptr<Server> server_;
};

TEST_F(StatusServer, AnswersHealthWithItsReason) {
  const uint16_t port = start();
  std::string answer = get(port, "/healthz");
  EXPECT_EQ(code_of(answer), "200");
  EXPECT_EQ(body_of(answer), "ok\n");
  well_ = false;
  answer = get(port, "/healthz?verbose");
  EXPECT_EQ(code_of(answer), "503");
  EXPECT_EQ(body_of(answer), "a: stopped: the key is refused\n");
  EXPECT_THAT(answer, HasSubstr("Content-Type: text/plain"));
  EXPECT_THAT(answer, HasSubstr("Cache-Control: no-store"));
  EXPECT_EQ(code_of(get(port, "/health")), "404");
}

TEST_F(StatusServer, ServesMetricsJsonAndThePageWithItsParts) {
  const uint16_t port = start();
  const struct {
    const char* path;
    const char* type;
    const char* holds;
  } cases[] = {{"/metrics", "text/plain; version=0.0.4", "connector_pipeline_state{"},
               {"/api/pipelines", "application/json", "\"state\":\"running\""},
               {"/", "text/html", "<script src=\"page.js\""},
               {"/page.css", "text/css", "max-width"},
               {"/page.js", "text/javascript", "fetch('api/pipelines'"}};
  for (const auto& wanted : cases) {
    const std::string answer = get(port, wanted.path);
    EXPECT_EQ(code_of(answer), "200") << wanted.path;
    EXPECT_THAT(answer, HasSubstr("Content-Type: " + std::string(wanted.type)));
    EXPECT_THAT(answer,
                HasSubstr("Content-Security-Policy: default-src 'none'; script-src 'self'"));
    EXPECT_THAT(body_of(answer), HasSubstr(wanted.holds));
  }
}

TEST_F(StatusServer, AnswersGetAndHeadAlone) {
  const uint16_t port = start();
  const std::string rest = " /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  const std::string head = ask(port, "HEAD" + rest);
  EXPECT_EQ(code_of(head), "200");
  EXPECT_THAT(head, HasSubstr("Content-Length: 3\r\n"));
  EXPECT_THAT(body_of(head), IsEmpty());
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "BREW"}) {
    const std::string answer = ask(port, method + rest);
    EXPECT_EQ(code_of(answer), "405") << method;
    EXPECT_THAT(answer, HasSubstr("Allow: GET, HEAD\r\n"));
  }
}

TEST_F(StatusServer, AnswersOneOwnHostAlone) {
  const uint16_t port = start();
  const auto with = [&](const std::string& hosts) {
    return ask(port, "GET /healthz HTTP/1.1\r\n" + hosts + "Connection: close\r\n\r\n");
  };
  EXPECT_EQ(code_of(with("Host: 127.0.0.1:" + std::to_string(port) + "\r\n")), "200");
  EXPECT_EQ(code_of(with("Host: monitor.example\r\n")), "200");
  const std::string refused = with("Host: evil.example\r\n");
  EXPECT_EQ(code_of(refused), "403");
  EXPECT_THAT(body_of(refused), HasSubstr("--status-host"));
  EXPECT_EQ(code_of(with("")), "400");
  EXPECT_EQ(code_of(with("Host: localhost\r\nHost: evil.example\r\n")), "400");
}

TEST_F(StatusServer, KeepsAConnection) {
  RawClient client(start());
  for (int i = 0; i < 3; ++i) {
    client.send(kGet);
    EXPECT_THAT(client.read_until("ok\n"), HasSubstr("200 OK"));
  }
  EXPECT_FALSE(client.ended());
}

TEST_F(StatusServer, RefusesALongHeadABodyAndNonsense) {
  const uint16_t port = start();
  const std::string filler(16 * 1024, 'x');
  EXPECT_EQ(code_of(ask(port, "GET / HTTP/1.1\r\nHost: localhost\r\nX: " + filler + "\r\n\r\n")),
            "431");
  EXPECT_EQ(code_of(ask(port, "GET /" + filler)), "431");
  EXPECT_EQ(code_of(ask(port,
                        "GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n"
                        "\r\nbody")),
            "400");
  EXPECT_EQ(code_of(ask(port, "\x16\x03\x01 this is TLS, or no request at all\r\n\r\n")), "400");
  EXPECT_EQ(code_of(get(port, "/healthz")), "200");
}

TEST_F(StatusServer, ClosesWhereARequestDoesNotComeToItsEnd) {
  const uint16_t port = start(kShort);
  RawClient silent(port);
  RawClient slow(port);
  slow.send("GET /healthz HTTP/1.1\r\nHost: loc");
  RawClient idle(port);
  idle.send(kGet);
  EXPECT_THAT(idle.read_until("ok\n"), HasSubstr("200 OK"));
  for (RawClient* client : {&silent, &slow, &idle}) {
    EXPECT_THAT(client->read_to_end(), IsEmpty());
    EXPECT_TRUE(client->ended());
  }
}

// One who takes all connections keeps nobody else out.
TEST_F(StatusServer, BeyondItsConnectionsTheOldestGoes) {
  const uint16_t port = start({.connections = 3});
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 10; ++i) {
    clients.push_back(std::make_unique<RawClient>(port));
    clients.back()->send(kGet);
    EXPECT_THAT(clients.back()->read_until("ok\n"), HasSubstr("200 OK")) << i;
  }
  for (size_t i = 0; i < 7; ++i) {
    clients[i]->read_to_end();
    EXPECT_TRUE(clients[i]->ended()) << i;
  }
  clients.back()->send(kGet);
  EXPECT_THAT(clients.back()->read_until("ok\n"), HasSubstr("200 OK"));
}

TEST_F(StatusServer, ATakenPortIsAnErrorThatSaysWhatToDo) {
  const uint16_t port = start();
  const auto second = Server::open({.address = {"127.0.0.1", port}}, {}, clock_, *log_);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().text,
              HasSubstr("--status http://127.0.0.1:" + std::to_string(port) + "/"));
  EXPECT_THAT(second.error().text, HasSubstr("Address already in use"));
  EXPECT_THAT(second.error().text, HasSubstr("Give another port"));
}

TEST_F(StatusServer, EndsWithClientsThatAreThere) {
  const uint16_t port = start();
  RawClient silent(port);
  RawClient served(port);
  served.send(kGet);
  EXPECT_THAT(served.read_until("ok\n"), HasSubstr("200 OK"));
  server_.reset();
  EXPECT_THAT(served.read_to_end(), IsEmpty());
  EXPECT_TRUE(served.ended());
}

TEST_F(StatusServer, AnAnswerThatCannotBeMadeCostsNoOtherOne) {
  std::atomic<bool> fails = true;
  auto server = Server::open({.address = {"127.0.0.1"}},
                             {.statuses =
                                  [&] {
                                    if (fails) throw std::bad_alloc();
                                    return std::vector{status("a", PipelineHealth::kRunning)};
                                  },
                              .snapshot = {}},
                             clock_, *log_);
  ASSERT_TRUE(server);
  const uint16_t port = test::port_in((*server)->url());
  EXPECT_THAT(get(port, "/healthz"), IsEmpty());
  fails = false;
  EXPECT_EQ(code_of(get(port, "/healthz")), "200");
  server->reset();
  EXPECT_THAT(lines_.str(), HasSubstr("the status page failed: std::bad_alloc"));
}

}  // namespace
}  // namespace host::status
