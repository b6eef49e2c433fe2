#include "tests/aikido_activity_log/silent_listener.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace aikido {
namespace {

int checked(int result) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), "a socket");
  return result;
}

}  // namespace

SilentListener::SilentListener(Silence silence) {
  const bool full = silence == Silence::kBeforeIt;
  listener_ = checked(socket(AF_INET, SOCK_STREAM, 0));
  address_.sin_family = AF_INET;
  address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address_;
  auto* const address = reinterpret_cast<sockaddr*>(&address_);
  checked(bind(listener_, address, size));
  checked(getsockname(listener_, address, &size));
  checked(listen(listener_, full ? 0 : 16));
  // The queue of connections that wait to be accepted is full after one or two.
  for (int i = 0; full && i < 8; ++i) crowd_.push_back(connect_another());
}

SilentListener::~SilentListener() {
  for (const int one : crowd_) close(one);
  close(listener_);
}

std::string SilentListener::host_and_port() const {
  return "127.0.0.1:" + std::to_string(ntohs(address_.sin_port));
}

int SilentListener::connect_another() const {
  const int one = checked(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
  connect(one, reinterpret_cast<const sockaddr*>(&address_), sizeof address_);
  return one;
}

}  // namespace aikido
