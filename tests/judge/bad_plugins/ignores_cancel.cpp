// Breaks cancel: what hangs in the network goes on hanging until its own time is up.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/judge/bad_plugins/count.hpp"

namespace {

class IgnoresCancel : public bad_plugins::Count {
 public:
  using Count::Count;
  static std::string_view describe() {
    static const std::string text = describe_as("ignores_cancel");
    return text;
  }
  connector::Result<connector::Batch> next_batch(const connector::Request&) {
    const std::string_view proxy = host_.property("proxy");
    if (!proxy.empty() && !answers(proxy))
      return connector::Error{connector::Status::kTransient, "the proxy does not answer"};
    return page(next_ + 10);
  }

 private:
  static bool answers(std::string_view url) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port =
        htons(static_cast<uint16_t>(std::stoi(std::string(url.substr(url.rfind(':') + 1)))));
    pollfd connection{socket(AF_INET, SOCK_STREAM, 0), POLLIN, 0};
    const bool answered =
        connect(connection.fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
        poll(&connection, 1, 600) == 1;
    close(connection.fd);
    return answered;
  }
};

}  // namespace

CONNECTOR_PLUGIN(IgnoresCancel)
