#include "host_sim/status/address.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace host::status {
namespace {

using testing::HasSubstr;

TEST(StatusAddress, IsAnAddressWithAPort) {
  const struct {
    const char* text;
    const char* url;
    bool loopback;
  } cases[] = {{"127.0.0.1:9090", "http://127.0.0.1:9090/", true},
               {"localhost:0", "http://127.0.0.1:0/", true},
               {"127.8.9.10:65535", "http://127.8.9.10:65535/", true},
               {"[::1]:9090", "http://[::1]:9090/", true},
               {"0.0.0.0:80", "http://0.0.0.0:80/", false},
               {"[::]:80", "http://[::]:80/", false},
               {"192.0.2.7:9090", "http://192.0.2.7:9090/", false}};
  for (const auto& wanted : cases) {
    const auto address = read_address(wanted.text);
    ASSERT_TRUE(address) << wanted.text;
    EXPECT_EQ(url_of(*address), wanted.url);
    EXPECT_EQ(address->loopback, wanted.loopback) << wanted.text;
  }
}

TEST(StatusAddress, IsNothingElse) {
  for (const char* text : {"", ":9090", "9090", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
                           "127.0.0.1:-1", "127.0.0.1:9090x", "::1", "[::1]", "example.com:9090",
                           "http://127.0.0.1:9090", "127.0.0.1:9090/"}) {
    const auto address = read_address(text);
    ASSERT_FALSE(address) << text;
    EXPECT_THAT(address.error().text, HasSubstr("such as 127.0.0.1:9090"));
  }
}

TEST(StatusHost, IsAnAddressLocalhostOrAGivenName) {
  for (const char* host : {"127.0.0.1:9090", "127.0.0.1", "[::1]:9090", "[::1]", "localhost",
                           "LocalHost:8080", "192.0.2.7:9090", "Monitor.example:9090"})
    EXPECT_TRUE(is_own_host(host, {"monitor.example"})) << host;
}

// A page of another site that has its name lead here asks with that name.
TEST(StatusHost, IsNoNameThatAnotherSiteMayHave) {
  for (const char* host :
       {"", "evil.example", "evil.example:9090", "localhost.evil.example", "127.0.0.1.evil.example",
        "localhost:port", "127.0.0.1@evil.example", "monitor.example."})
    EXPECT_FALSE(is_own_host(host, {"monitor.example"})) << host;
}

}  // namespace
}  // namespace host::status
