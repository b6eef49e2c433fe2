// A client's socket, plain or TLS, as bytes in and out. The io_context's thread only.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <functional>
#include <memory>

namespace fake_aikido {

class Wire {
 public:
  using Done = std::function<void(boost::system::error_code, size_t)>;
  using Ready = std::function<void(boost::system::error_code)>;

  virtual ~Wire() = default;
  virtual void open(Ready ready) = 0;
  virtual void read_some(boost::asio::mutable_buffer to, Done done) = 0;
  virtual void write(boost::asio::const_buffer from, Done done) = 0;
  virtual boost::asio::ip::tcp::socket& socket() = 0;
};

std::unique_ptr<Wire> make_plain_wire(boost::asio::ip::tcp::socket socket);
// `context` outlives the wire.
std::unique_ptr<Wire> make_tls_wire(boost::asio::ip::tcp::socket socket,
                                    boost::asio::ssl::context& context);

}  // namespace fake_aikido
