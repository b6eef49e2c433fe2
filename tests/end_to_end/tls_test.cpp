// TLS for real, as an operator meets it: who is trusted, what is said of every other, and that the
// authorities and the proxy are the host's to name.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/end_to_end/program_world.hpp"
#include "tests/end_to_end/tunnel_proxy.hpp"

namespace end_to_end {
namespace {

using fake_aikido::CertificateAuthority;
using fake_aikido::KeyPair;
using test_support::ProgramEnd;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::vector<std::string> kThisMachine = {"IP:127.0.0.1"};

// A server with a certificate, and a host that trusts an authority.
struct TlsWorld : ProgramWorld {
  TlsWorld(const KeyPair& pair, const CertificateAuthority& trusted, bool only_old_tls = false)
      : ProgramWorld({.tls = pair, .only_old_tls = only_old_tls}) {
    add_history(20);
    test_support::write_file(folder / "ca.pem", trusted.certificate());
    environment["CONNECTOR_CA_BUNDLE"] = folder / "ca.pem";
  }
};

// `check` and `run` both say why, and nothing is ever asked.
void expect_refused(TlsWorld& world, const std::string& cause, const std::string& advice) {
  const ProgramEnd check = world.run({"check", "M"});
  EXPECT_EQ(check.exit_code, 1);
  const size_t at = check.out.find("FAIL  tls ");
  ASSERT_NE(at, std::string::npos) << check.out << check.err;
  EXPECT_THAT(check.out.substr(at), HasSubstr(cause));
  EXPECT_THAT(check.out.substr(at), HasSubstr(advice));
  const auto program = world.start({"run", "M"});
  ASSERT_TRUE(
      program->wait_for_err("test: erroring: no trusted TLS connection to Aikido's token "
                            "endpoint at " +
                                world.server().url(),
                            kBounded))
      << program->err();
  EXPECT_THAT(program->err(), HasSubstr(cause));
  EXPECT_THAT(program->err(), HasSubstr(advice));
  EXPECT_EQ(world.server().log().count(), 0U);
  EXPECT_THAT(world.lines(), IsEmpty());
}

class Tls : public testing::Test {
 protected:
  CertificateAuthority authority_;
};

TEST_F(Tls, AServerOfTheAuthorityThatTheHostNamesIsTrusted) {
  TlsWorld world(authority_.issue(kThisMachine), authority_);
  const ProgramEnd check = world.run({"check", "M"});
  EXPECT_EQ(check.exit_code, 0) << check.out << check.err;
  EXPECT_THAT(check.out, HasSubstr("ok    tls "));
  const ProgramEnd end = world.run({"run", "--once", "M"});
  EXPECT_EQ(end.exit_code, 0) << end.err;
  EXPECT_EQ(world.lines().size(), 20U);
  EXPECT_EQ(world.lines(), world.expected());
}

TEST_F(Tls, AnUnknownAuthorityIsSaid) {
  const CertificateAuthority other;
  TlsWorld world(authority_.issue(kThisMachine), other);
  expect_refused(world, "unable to get local issuer certificate",
                 "nobody whom this machine trusts has issued its certificate; check the host's CA "
                 "bundle (CONNECTOR_CA_BUNDLE)");
}

TEST_F(Tls, AnotherNameIsSaid) {
  TlsWorld world(authority_.issue({"app.aikido.dev"}), authority_);
  expect_refused(world, "no alternative certificate subject name matches",
                 "its certificate is for another name; check base_url");
}

TEST_F(Tls, AnExpiredCertificateIsSaid) {
  TlsWorld world(authority_.issue(kThisMachine, {-7200, -3600}), authority_);
  expect_refused(world, "certificate has expired",
                 "its owner has to renew it, unless this machine's clock is wrong");
}

TEST_F(Tls, AnOldVersionIsSaid) {
  TlsWorld world(authority_.issue(kThisMachine), authority_, true);
  expect_refused(world, "protocol version", "it offers nothing newer than TLS 1.1");
}

// What OpenSSL would read by itself is the user's, and not the host's.
TEST_F(Tls, TheEnvironmentNamesNoAuthority) {
  TlsWorld world(authority_.issue(kThisMachine), authority_);
  world.environment["SSL_CERT_FILE"] = world.environment["CONNECTOR_CA_BUNDLE"];
  world.environment["CURL_CA_BUNDLE"] = world.environment["CONNECTOR_CA_BUNDLE"];
  world.environment["CONNECTOR_CA_BUNDLE"] = "";
  expect_refused(world, "unable to get local issuer certificate",
                 "check the host's CA bundle (CONNECTOR_CA_BUNDLE)");
}

TEST_F(Tls, ABundleThatIsNotThereIsSaid) {
  TlsWorld world(authority_.issue(kThisMachine), authority_);
  world.environment["CONNECTOR_CA_BUNDLE"] = "/no/such/bundle.pem";
  const auto program = world.start({"run", "M"});
  EXPECT_TRUE(
      program->wait_for_err("/no/such/bundle.pem; give a readable PEM file as the host's "
                            "CA bundle (CONNECTOR_CA_BUNDLE)",
                            kBounded))
      << program->err();
  EXPECT_EQ(world.server().log().count(), 0U);
}

// Only the proxy knows where the name leads.
TEST_F(Tls, TheHostsProxyIsUsedForEverything) {
  TlsWorld world(authority_.issue({"aikido.test"}), authority_);
  const std::string place = "aikido.test:" + std::to_string(world.server().port());
  const TunnelProxy proxy(world.server().port());
  world.settings["base_url"] = "https://" + place;
  world.environment["CONNECTOR_PROXY"] = proxy.url();
  const ProgramEnd end = world.run({"run", "--once", "M"});
  EXPECT_EQ(end.exit_code, 0) << end.err;
  EXPECT_EQ(world.lines().size(), 20U);
  EXPECT_EQ(world.lines(), world.expected());
  EXPECT_THAT(proxy.targets(), Not(IsEmpty()));
  EXPECT_THAT(proxy.targets(), Each(place));
  const ProgramEnd check = world.run({"check", "M"});
  EXPECT_EQ(check.exit_code, 0);
  EXPECT_THAT(check.out, HasSubstr("ok    name_resolution left to the proxy\n"));
  EXPECT_THAT(check.out, HasSubstr("ok    connection      https://" + place + ", by the proxy\n"));
}

// To have reached the proxy is not to have reached the service.
TEST_F(Tls, AProxyThatBringsNobodyThroughFailsTheConnection) {
  TlsWorld world(authority_.issue({"aikido.test"}), authority_);
  TunnelProxy proxy(world.server().port());
  world.settings["base_url"] = "https://aikido.test:" + std::to_string(world.server().port());
  struct Way {
    int status;
    std::string proxy, advice;
  };
  for (const Way& way :
       {Way{403, proxy.url(),
            "the proxy answered 403; see that it lets requests to Aikido through, or give another "
            "one as the host's proxy (CONNECTOR_PROXY)"},
        Way{407, proxy.url(), "give them in the host's proxy (CONNECTOR_PROXY) as http://USER:"},
        Way{0, "http://127.0.0.1:1", "check the host's proxy (CONNECTOR_PROXY), network and"},
        Way{0, "http://proxy.invalid:1", "check the host's proxy (CONNECTOR_PROXY), network"}}) {
    proxy.refuse(way.status);
    world.environment["CONNECTOR_PROXY"] = way.proxy;
    const ProgramEnd check = world.run({"check", "M"});
    EXPECT_EQ(check.exit_code, 1);
    const size_t at = check.out.find("FAIL  connection ");
    ASSERT_NE(at, std::string::npos) << way.proxy << "\n" << check.out << check.err;
    EXPECT_THAT(check.out.substr(at), HasSubstr(way.advice));
  }
  EXPECT_EQ(world.server().log().count(), 0U);
}

TEST_F(Tls, TheProxiesOfTheEnvironmentAreNot) {
  TlsWorld world(authority_.issue(kThisMachine), authority_);
  const TunnelProxy proxy(world.server().port());
  for (const char* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})
    world.environment[name] = proxy.url();
  const ProgramEnd end = world.run({"run", "--once", "M"});
  EXPECT_EQ(end.exit_code, 0) << end.err;
  EXPECT_EQ(world.lines().size(), 20U);
  EXPECT_THAT(proxy.targets(), IsEmpty());
}

TEST_F(Tls, AProxyThatIsNotThereIsSaid) {
  TlsWorld world(authority_.issue(kThisMachine), authority_);
  world.environment["CONNECTOR_PROXY"] = "http://127.0.0.1:1";
  const auto program = world.start({"run", "M"});
  EXPECT_TRUE(
      program->wait_for_err("test: erroring: no connection to Aikido's token endpoint", kBounded))
      << program->err();
  EXPECT_THAT(program->err(),
              HasSubstr("check the host's proxy (CONNECTOR_PROXY), network and firewall"));
  EXPECT_EQ(world.server().log().count(), 0U);
}

}  // namespace
}  // namespace end_to_end
