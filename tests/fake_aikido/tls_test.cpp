// TLS: a client that trusts the right authority comes in, every other does not.
#include <curl/curl.h>
#include <gtest/gtest.h>

#include "tests/fake_aikido/test_client.hpp"

namespace fake_aikido {
namespace {

class Tls : public testing::Test {
 protected:
  // The result of a token request to a server with that certificate.
  Reply ask(const KeyPair& pair, const std::string& host_name, const std::string& trusted) {
    Server server({.tls = pair, .host_name = host_name});
    return TestClient(server.url(), trusted).ask_token();
  }

  CertificateAuthority authority;
};

TEST_F(Tls, LetsInWhoTrustsItsAuthority) {
  const KeyPair pair = authority.issue({"localhost", "IP:127.0.0.1"});
  for (const char* name : {"127.0.0.1", "localhost"}) {
    const Reply reply = ask(pair, name, authority.certificate());
    EXPECT_EQ(reply.curl_code, 0) << name;
    EXPECT_EQ(reply.status, 200) << name;
  }
}

TEST_F(Tls, IsRefusedByWhoTrustsAnother) {
  const CertificateAuthority other;
  const KeyPair pair = authority.issue({"IP:127.0.0.1"});
  EXPECT_EQ(ask(pair, "127.0.0.1", other.certificate()).curl_code, CURLE_PEER_FAILED_VERIFICATION);
  EXPECT_EQ(ask(pair, "127.0.0.1", "").curl_code, CURLE_PEER_FAILED_VERIFICATION);
}

TEST_F(Tls, IsRefusedUnderAnotherName) {
  const KeyPair pair = authority.issue({"app.aikido.dev"});
  EXPECT_EQ(ask(pair, "127.0.0.1", authority.certificate()).curl_code,
            CURLE_PEER_FAILED_VERIFICATION);
}

TEST_F(Tls, IsRefusedOutsideOfItsTime) {
  for (const Validity& validity : {Validity{-7200, -3600}, Validity{3600, 7200}})
    EXPECT_EQ(ask(authority.issue({"IP:127.0.0.1"}, validity), "127.0.0.1", authority.certificate())
                  .curl_code,
              CURLE_PEER_FAILED_VERIFICATION);
}

TEST_F(Tls, DeliversFaultsAsPlainHttpDoes) {
  Server server({.tls = authority.issue({"IP:127.0.0.1"})});
  TestClient client(server.url(), authority.certificate());
  client.token();
  server.faults().push(fault::cut(1));
  EXPECT_NE(client.page("page=0").curl_code, 0);
  EXPECT_EQ(client.page("page=0").body, "[]");
}

}  // namespace
}  // namespace fake_aikido
