#include "host_sim/status/address.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/beast/core/string.hpp>
#include <charconv>
#include <optional>

#include "host_sim/plain_text.hpp"

namespace host::status {
namespace {

using boost::asio::ip::make_address;

struct HostAndPort {
  std::string_view host;  // without the brackets of IPv6
  std::string_view port;  // empty where there is none
};

HostAndPort split(std::string_view text) {
  const size_t bracket = text.rfind(']');
  const size_t colon = text.rfind(':');
  const bool has_port =
      colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
  HostAndPort parts{text.substr(0, has_port ? colon : text.size()),
                    has_port ? text.substr(colon + 1) : std::string_view()};
  if (parts.host.size() >= 2 && parts.host.front() == '[' && parts.host.back() == ']')
    parts.host = parts.host.substr(1, parts.host.size() - 2);
  return parts;
}

std::optional<uint16_t> number_of(std::string_view port) {
  uint16_t number = 0;
  const auto [end, failure] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (failure != std::errc() || end != port.data() + port.size()) return std::nullopt;
  return number;
}

bool is_ip(std::string_view text) {
  boost::system::error_code error;
  make_address(text, error);
  return !error;
}

}  // namespace

connector::Result<Address> read_address(std::string_view text) {
  const HostAndPort parts = split(text);
  const std::optional<uint16_t> port = number_of(parts.port);
  boost::system::error_code error;
  const auto ip = make_address(parts.host == "localhost" ? "127.0.0.1" : parts.host, error);
  if (!port || error)
    return connector::Error{connector::Status::kConfig,
                            one_line(text) +
                                " is no address with a port: give one such as "
                                "127.0.0.1:9090 or [::1]:9090"};
  return Address{ip.to_string(), *port, ip.is_loopback()};
}

std::string url_of(const Address& address) {
  const bool v6 = address.ip.find(':') != std::string::npos;
  return "http://" + (v6 ? "[" + address.ip + "]" : address.ip) + ":" +
         std::to_string(address.port) + "/";
}

bool is_own_host(std::string_view header, const std::vector<std::string>& names) {
  const HostAndPort parts = split(header);
  if (!parts.port.empty() && !number_of(parts.port)) return false;
  const auto is = [&parts](std::string_view name) {
    return boost::beast::iequals({parts.host.data(), parts.host.size()},
                                 {name.data(), name.size()});
  };
  return is_ip(parts.host) || is("localhost") || std::any_of(names.begin(), names.end(), is);
}

}  // namespace host::status
