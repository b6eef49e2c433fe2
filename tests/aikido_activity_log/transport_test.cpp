// The transport on real sockets: what comes through, what is refused, what ends it.
#include "plugins/aikido_activity_log/transport.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <thread>

#include "plugins/aikido_activity_log/ca_store.hpp"
#include "tests/aikido_activity_log/hanging_names.hpp"
#include "tests/aikido_activity_log/host_double.hpp"
#include "tests/aikido_activity_log/silent_listener.hpp"
#include "tests/fake_aikido/server.hpp"
#include "tests/support/files.hpp"

namespace aikido {
namespace {

using fake_aikido::Server;
using fake_aikido::ServerOptions;
using std::chrono::milliseconds;
using std::chrono::steady_clock;
using testing::HasSubstr;
using testing::IsEmpty;
namespace fault = fake_aikido::fault;

class TransportTest : public testing::Test {
 protected:
  TransportTest() { host_.real_time = true; }

  HttpRequest request(const std::string& url) const {
    HttpRequest request;
    request.url = url;
    request.authorization = "Basic QUlLX0NMSUVOVF90ZXN0OkFJS19TRUNSRVRfdGVzdA==";
    request.form = "grant_type=client_credentials";
    request.backstop_ms = 20'000;
    return request;
  }
  HttpAnswer ask(const std::string& root) {
    return transport_->perform(request(root + "/api/oauth/token"));
  }
  HttpAnswer ask_spoilt(fake_aikido::Fault spoil) {
    server_.faults().push(std::move(spoil));
    return ask(server_.url());
  }
  // Real time until the answer to a request that is cancelled once `ready`.
  milliseconds cancelled_within(const std::string& url, const std::function<bool()>& ready) {
    steady_clock::time_point cancelled;
    std::thread other([&] {
      while (!ready()) std::this_thread::yield();
      cancelled = steady_clock::now();
      transport_->cancel();
    });
    const HttpAnswer answer = transport_->perform(request(url));
    const auto end = steady_clock::now();
    other.join();
    EXPECT_EQ(answer.failure, NoAnswer::kCancelled) << answer.detail;
    return std::chrono::duration_cast<milliseconds>(end - cancelled);
  }
  HostDouble host_;
  Server server_;
  std::unique_ptr<Transport> transport_ = make_curl_transport(host_.host());
};

TEST_F(TransportTest, AnAnswerComesWithItsHeaders) {
  server_.faults().push(fault::header("X-Has-Next-Page", "true"));
  const HttpAnswer answer = ask(server_.url());
  EXPECT_EQ(answer.failure, NoAnswer::kNone) << answer.detail;
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.resolved && answer.connected && answer.secured);
  EXPECT_THAT(answer.body, HasSubstr("access_token"));
  EXPECT_THAT(answer.date, HasSubstr("GMT"));
  EXPECT_EQ(answer.has_next_page, "true");
  EXPECT_EQ(ask_spoilt(fault::too_many_requests(17)).retry_after, "17");
}

TEST_F(TransportTest, AConnectionIsKeptUntilRest) {
  EXPECT_EQ(ask(server_.url()).status, 200);
  EXPECT_EQ(ask(server_.url()).status, 200);
  transport_->rest();
  transport_->rest();
  EXPECT_EQ(ask(server_.url()).status, 200);
}

TEST_F(TransportTest, RedirectsAreNotFollowed) {
  const HttpAnswer answer = ask_spoilt(fault::redirect(server_.url() + "/elsewhere"));
  EXPECT_EQ(answer.status, 302);
  EXPECT_EQ(server_.log().count(), 1u);
}

TEST_F(TransportTest, ABrokenAnswerIsNone) {
  EXPECT_EQ(ask_spoilt(fault::reset()).failure, NoAnswer::kBroken);
  EXPECT_EQ(ask_spoilt(fault::reset(30)).failure, NoAnswer::kBroken);
  EXPECT_EQ(ask_spoilt(fault::cut(5)).failure, NoAnswer::kBroken);
  EXPECT_EQ(ask(server_.url()).status, 200);
}

TEST_F(TransportTest, OneCallIsOneRequestEvenWhereAKeptConnectionBreaks) {
  EXPECT_EQ(ask(server_.url()).status, 200);
  const HttpAnswer answer = ask_spoilt(fault::reset());
  EXPECT_EQ(answer.failure, NoAnswer::kBroken);
  EXPECT_THAT(answer.detail, HasSubstr("kept connection"));
  EXPECT_EQ(server_.log().count(), 2u);
}

TEST_F(TransportTest, HeadersAndBodiesWithoutEndAreRefused) {
  HttpAnswer answer = ask_spoilt(fault::endless_headers());
  EXPECT_EQ(answer.failure, NoAnswer::kTooLarge);
  EXPECT_THAT(answer.detail, HasSubstr("headers"));
  answer = ask_spoilt(fault::gzip_bomb(kLargestBody + 1));
  EXPECT_EQ(answer.failure, NoAnswer::kTooLarge);
  EXPECT_THAT(answer.detail, HasSubstr("64 MiB"));
  EXPECT_LE(answer.body.size(), kLargestBody);
  EXPECT_EQ(ask_spoilt(fault::gzip_bomb(1 << 20)).body.size(), size_t{1} << 20);
}

TEST_F(TransportTest, NobodyThereIsNoConnection) {
  const std::string url = server_.url();
  server_.stop();
  const HttpAnswer answer = ask(url);
  EXPECT_EQ(answer.failure, NoAnswer::kConnect) << answer.detail;
  EXPECT_TRUE(answer.resolved);
  EXPECT_FALSE(answer.connected);
}

TEST_F(TransportTest, AnUnknownNameIsNotResolved) {
  const HttpAnswer answer = ask("http://aikido.unknown");
  EXPECT_EQ(answer.failure, NoAnswer::kResolve) << answer.detail;
  EXPECT_FALSE(answer.resolved);
}

TEST_F(TransportTest, TheDeadlineIsOfTheHostsClock) {
  host_.real_time = false;
  HttpRequest late = request(server_.url() + "/api/oauth/token");
  late.deadline_ns = host_.monotonic_ns;
  server_.faults().push(fault::hang());
  const HttpAnswer answer = transport_->perform(late);
  EXPECT_EQ(answer.failure, NoAnswer::kDeadline);
}

TEST_F(TransportTest, WhereThatClockStandsTheBackstopEndsIt) {
  host_.real_time = false;
  HttpRequest stuck = request(server_.url() + "/api/oauth/token");
  stuck.backstop_ms = 50;
  server_.faults().push(fault::hang());
  EXPECT_EQ(transport_->perform(stuck).failure, NoAnswer::kDeadline);
}

TEST_F(TransportTest, TheEnvironmentHasNoSay) {
  const test_support::TemporaryFolder folder;
  const std::string keys = (folder / "keys").string();
  for (const char* name : {"http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY"})
    setenv(name, "http://127.0.0.1:1", 1);
  setenv("no_proxy", "*", 1);
  setenv("SSLKEYLOGFILE", keys.c_str(), 1);
  EXPECT_EQ(ask(server_.url()).status, 200);
  host_.properties["proxy"] = "http://127.0.0.1:1";
  EXPECT_EQ(ask("https://aikido.test").failure, NoAnswer::kConnect) << "the host's proxy counts";
  for (const char* name : {"http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY",
                           "no_proxy", "SSLKEYLOGFILE"})
    unsetenv(name);
  EXPECT_THAT(test_support::read_file(keys), IsEmpty());
}

TEST_F(TransportTest, PlainHttpGoesPastEveryProxy) {
  host_.properties["proxy"] = "http://127.0.0.1:1";
  EXPECT_EQ(ask(server_.url()).status, 200) << "a proxy would see the secret";
}

TEST_F(TransportTest, TheCredentialsOfAProxyAreInNoText) {
  for (const char* proxy :
       {"http://someone:canary@127.0.0.1:1", "https://someone:canary@127.0.0.1:1",
        "socks5://someone:canary@127.0.0.1:1", "ftp://someone:canary@127.0.0.1:1",
        "nonsense://someone:canary@127.0.0.1", "http://someone:canary@127.0.0.1:port",
        "http://someone:canary@", "someone:canary@127.0.0.1:1",
        "http://someone:canary@no-such-proxy.invalid:1"}) {
    host_.properties["proxy"] = proxy;
    const HttpAnswer answer = ask("https://aikido.test");
    EXPECT_NE(answer.failure, NoAnswer::kNone);
    EXPECT_THAT(answer.detail, testing::Not(IsEmpty())) << proxy;
    EXPECT_THAT(answer.detail, testing::Not(HasSubstr("canary"))) << proxy;
    EXPECT_THAT(answer.detail, testing::Not(HasSubstr("someone"))) << proxy;
  }
}

class CancelTest : public TransportTest {};

TEST_F(CancelTest, EndsNameResolution) {
  const HangingNames names;
  EXPECT_LT(cancelled_within("http://aikido.hangs/", HangingNames::is_asked), milliseconds(250));
}

TEST_F(CancelTest, EndsConnecting) {
  const SilentListener nobody(SilentListener::Silence::kBeforeIt);
  const auto begin = steady_clock::now();
  EXPECT_LT(cancelled_within("http://" + nobody.host_and_port() + "/",
                             [&] { return steady_clock::now() - begin > milliseconds(30); }),
            milliseconds(250));
}

TEST_F(CancelTest, EndsTheTlsHandshake) {
  ASSERT_TRUE(shared_ca_store("")) << "read before, since that takes its time";
  const SilentListener nobody(SilentListener::Silence::kAfterConnecting);
  const auto begin = steady_clock::now();
  EXPECT_LT(cancelled_within("https://" + nobody.host_and_port() + "/",
                             [&] { return steady_clock::now() - begin > milliseconds(30); }),
            milliseconds(250));
}

TEST_F(CancelTest, EndsAHangingAnswer) {
  server_.faults().push(fault::hang());
  EXPECT_LT(cancelled_within(server_.url() + "/api/oauth/token",
                             [&] { return server_.log().count() > 0; }),
            milliseconds(250));
}

TEST_F(CancelTest, EndsADrippingBody) {
  server_.faults().push(fault::drip(1, fake_aikido::kSecond / 50));
  EXPECT_LT(cancelled_within(server_.url() + "/api/oauth/token",
                             [&] { return server_.log().count() > 0; }),
            milliseconds(250));
}

TEST_F(CancelTest, IsStickyAndSparesTheNetwork) {
  transport_->cancel();
  EXPECT_EQ(ask(server_.url()).failure, NoAnswer::kCancelled);
  transport_->rest();
  EXPECT_EQ(ask(server_.url()).failure, NoAnswer::kCancelled);
  EXPECT_EQ(server_.log().count(), 0u);
}

class TlsTest : public TransportTest {
 protected:
  // An answer of a server with that certificate to a client that trusts `authority`.
  HttpAnswer ask_tls(const fake_aikido::KeyPair& pair, const std::string& authority) {
    Server server({.tls = pair});
    return ask_trusting(authority, server);
  }
  // Over a new connection. The same authority is the same bundle.
  HttpAnswer ask_trusting(const std::string& authority, Server& server) {
    const auto bundle = folder_ / std::to_string(std::hash<std::string>()(authority));
    test_support::write_file(bundle, authority);
    host_.properties["ca_bundle"] = bundle.string();
    transport_->rest();
    return ask(server.url());
  }

  const test_support::TemporaryFolder folder_;
  fake_aikido::CertificateAuthority authority_;
};

TEST_F(TlsTest, ATrustedServerAnswers) {
  const HttpAnswer answer = ask_tls(authority_.issue({"IP:127.0.0.1"}), authority_.certificate());
  EXPECT_EQ(answer.status, 200) << answer.detail;
  EXPECT_TRUE(answer.secured);
}

TEST_F(TlsTest, AnyOtherIsRefusedAndTheReasonNamed) {
  const fake_aikido::CertificateAuthority other;
  const auto refused = [&](const fake_aikido::KeyPair& pair, const std::string& authority) {
    const HttpAnswer answer = ask_tls(pair, authority);
    EXPECT_EQ(answer.failure, NoAnswer::kTls) << answer.detail;
    EXPECT_TRUE(answer.connected);
    EXPECT_FALSE(answer.secured);
    return answer.detail;
  };
  const fake_aikido::KeyPair good = authority_.issue({"IP:127.0.0.1"});
  EXPECT_THAT(refused(good, other.certificate()), HasSubstr("issuer"));
  EXPECT_THAT(refused(authority_.issue({"app.aikido.dev"}), authority_.certificate()),
              HasSubstr("name"));
  EXPECT_THAT(refused(authority_.issue({"IP:127.0.0.1"}, {-7200, -3600}), authority_.certificate()),
              HasSubstr("expired"));
}

// Of any instance: they come and go, and their connections with them.
TEST_F(TlsTest, ALaterConnectionResumesTheSession) {
  Server server({.tls = authority_.issue({"IP:127.0.0.1"})});
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(ask_trusting(authority_.certificate(), server).status, 200);
    EXPECT_EQ(server.resumed_sessions(), i);
    transport_ = make_curl_transport(host_.host());
  }
}

TEST_F(TlsTest, NoneIsResumedThatWasNotVerifiedForTheSame) {
  const fake_aikido::CertificateAuthority other;
  Server server({.tls = authority_.issue({"IP:127.0.0.1"})});
  EXPECT_EQ(ask_trusting(authority_.certificate(), server).status, 200);
  EXPECT_EQ(ask_trusting(other.certificate(), server).failure, NoAnswer::kTls);
  EXPECT_EQ(server.resumed_sessions(), 0U);
  // Its session may have come before it was refused: the name is looked at in a resumed one, too.
  Server misnamed({.tls = authority_.issue({"app.aikido.dev"})});
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(ask_trusting(authority_.certificate(), misnamed).failure, NoAnswer::kTls);
}

TEST_F(TlsTest, WithoutAuthoritiesNothingIsSent) {
  host_.properties["ca_bundle"] = "/no/such/bundle.pem";
  const HttpAnswer answer = ask("https://127.0.0.1:1");
  EXPECT_EQ(answer.failure, NoAnswer::kNoAuthorities);
  EXPECT_THAT(answer.detail, HasSubstr("/no/such/bundle.pem"));
}

TEST_F(TlsTest, TheAuthoritiesAreReadOnceAProcess) {
  const test_support::TemporaryFolder folder;
  const std::string bundle = (folder / "ca.pem").string();
  EXPECT_FALSE(shared_ca_store(bundle)) << "a failure is not kept";
  test_support::write_file(bundle, authority_.certificate());
  const auto first = shared_ca_store(bundle);
  ASSERT_TRUE(first);
  test_support::write_file(bundle, "");
  EXPECT_EQ(*shared_ca_store(bundle), *first);
  EXPECT_TRUE(shared_ca_store("")) << "OpenSSL's own places";
}

}  // namespace
}  // namespace aikido
