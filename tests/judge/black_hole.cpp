#include "tests/judge/black_hole.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <system_error>

namespace judge {

BlackHole::BlackHole() : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (listener_ < 0 || bind(listener_, generic, size) != 0 || listen(listener_, 16) != 0 ||
      getsockname(listener_, generic, &size) != 0)
    throw std::system_error(errno, std::generic_category(), "a listener on 127.0.0.1");
  port_ = ntohs(address.sin_port);
}

BlackHole::~BlackHole() { close(listener_); }

bool BlackHole::swallow(int limit_ms) {
  pollfd waiting{listener_, POLLIN, 0};
  if (poll(&waiting, 1, limit_ms) != 1) return false;
  return accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC) >= 0;  // kept until the process ends
}

std::string dead_url() { return BlackHole().url(); }

}  // namespace judge
