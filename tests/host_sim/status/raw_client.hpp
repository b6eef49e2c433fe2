// A client that says what it is told to, be it HTTP or not. One thread.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace host::status::test {

class RawClient {
 public:
  // To 127.0.0.1.
  explicit RawClient(uint16_t port);

  // What the other side does not take is lost.
  void send(std::string_view text);
  // All that comes until `text` stands in it, the other side closes, or a minute is over.
  std::string read_until(std::string_view text);
  std::string read_to_end() { return read_until({}); }
  // The other side has closed, within a minute. Valid after read_*.
  bool ended() const { return ended_; }

 private:
  boost::asio::io_context context_;
  boost::asio::ip::tcp::socket socket_{context_};
  bool ended_ = false;
};

// The whole answer to one request, on a connection of its own.
std::string ask(uint16_t port, std::string_view request);
std::string get(uint16_t port, const std::string& path);
// "503" of "HTTP/1.1 503 Service Unavailable", and what follows the head.
std::string code_of(const std::string& answer);
std::string body_of(const std::string& answer);

// Of "http://127.0.0.1:9090/", wherever it stands in `text`; 0 where there is none.
uint16_t port_in(const std::string& text);

}  // namespace host::status::test
