// Where the status is served, and under which names.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plugin_api/connector_result.hpp"

namespace host::status {

struct Address {
  std::string ip;
  uint16_t port = 0;  // 0: a free one
  bool loopback = true;
};

// "127.0.0.1:9090", "[::1]:9090", "localhost:9090". CONFIG for anything else; the text says what
// to write.
connector::Result<Address> read_address(std::string_view text);

// "http://127.0.0.1:9090/"
std::string url_of(const Address& address);

// True for a `Host` header that no other site's page can be behind (DNS rebinding): an IP address,
// localhost, or one of `names`; each with any port, for a forwarded one differs.
bool is_own_host(std::string_view header, const std::vector<std::string>& names);

}  // namespace host::status
