#include "tests/end_to_end/tunnel_proxy.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace end_to_end {
namespace {

using host::Descriptor;

constexpr std::string_view kConnect = "CONNECT ";

sockaddr_in loopback(uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

const sockaddr* general(const sockaddr_in& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

bool send_all(int to, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

// False at the end of either side.
bool pass_on(int from, int to) {
  std::array<char, 16384> bytes;
  const ssize_t got = ::recv(from, bytes.data(), bytes.size(), 0);
  return got > 0 && send_all(to, {bytes.data(), static_cast<size_t>(got)});
}

std::string head_of(int client) {
  std::string head;
  for (char c = 0; !head.ends_with("\r\n\r\n") && ::recv(client, &c, 1, 0) == 1;) head += c;
  return head;
}

}  // namespace

TunnelProxy::TunnelProxy(uint16_t port)
    : to_port_(port), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (::bind(listener_.number(), general(address), size) != 0 ||
      ::listen(listener_.number(), 16) != 0 ||
      ::getsockname(listener_.number(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("a proxy cannot listen");
  port_ = ntohs(address.sin_port);
  serving_ = std::thread([this] { serve(); });
}

TunnelProxy::~TunnelProxy() {
  ::shutdown(listener_.number(), SHUT_RDWR);
  serving_.join();
}

std::string TunnelProxy::url() const { return "http://127.0.0.1:" + std::to_string(port_); }

std::vector<std::string> TunnelProxy::targets() const {
  const std::lock_guard lock(mutex_);
  return targets_;
}

// Tunnels end when their clients do, which the test sees to.
void TunnelProxy::serve() {
  for (;;) {
    Descriptor client(::accept4(listener_.number(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!client) break;
    tunnels_.emplace_back(&TunnelProxy::tunnel, this, std::move(client));
  }
  for (std::thread& thread : tunnels_) thread.join();
}

void TunnelProxy::tunnel(Descriptor client) {
  const std::string head = head_of(client.number());
  if (!head.starts_with(kConnect)) {
    send_all(client.number(), "HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n");
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    targets_.push_back(
        head.substr(kConnect.size(), head.find(' ', kConnect.size()) - kConnect.size()));
  }
  if (const int status = refuses_with_; status > 0) {
    send_all(client.number(),
             "HTTP/1.1 " + std::to_string(status) + " Refused\r\nContent-Length: 0\r\n\r\n");
    return;
  }
  const Descriptor server(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = loopback(to_port_);
  if (::connect(server.number(), general(address), sizeof address) != 0) return;
  send_all(client.number(), "HTTP/1.1 200 Connection established\r\n\r\n");
  pollfd ends[] = {{client.number(), POLLIN, 0}, {server.number(), POLLIN, 0}};
  while (::poll(ends, 2, -1) > 0) {
    if (ends[0].revents && !pass_on(client.number(), server.number())) return;
    if (ends[1].revents && !pass_on(server.number(), client.number())) return;
  }
}

}  // namespace end_to_end
