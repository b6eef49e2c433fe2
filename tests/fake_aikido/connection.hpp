// One client's connection: requests are parsed, answered in turn, and delivered as their faults
// say.
#pragma once

#include <array>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "tests/fake_aikido/clock.hpp"
#include "tests/fake_aikido/http.hpp"
#include "tests/fake_aikido/service.hpp"
#include "tests/fake_aikido/wire.hpp"

namespace fake_aikido {

// Tells whether the client has closed its end. Any thread, even while the socket is being closed.
class ClientWatch {
 public:
  explicit ClientWatch(int socket) : socket_(socket) {}
  bool gone();
  void close();  // before the socket is

 private:
  std::mutex mutex_;
  int socket_;
};

// The io_context's thread only. Lives until it is closed, by either side.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  // `service` and `clock` outlive it until close(). `closed` is called once, from within.
  Connection(std::unique_ptr<Wire> wire, Service& service, Clock& clock,
             std::function<void(Connection*)> closed);

  void open();
  // Never reads nor writes: as a server that accepts and then does nothing.
  void stay_mute();
  void close();

 private:
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

  void read();
  void parse();
  void answer(const HttpRequest& request);
  void refuse_syntax();
  void deliver(Answer answer);
  void send();
  void write(size_t size);
  void send_filler();
  void finish();
  void park(int64_t until_ns, void (Connection::*then)());
  void reset();

  std::unique_ptr<Wire> wire_;
  Service& service_;
  Clock& clock_;
  std::function<void(Connection*)> closed_;
  std::shared_ptr<ClientWatch> watch_;
  uint64_t parked_ = 0;

  std::array<char, 4096> chunk_;
  std::string input_;
  std::optional<Parser> parser_;

  bool is_answering_ = false;
  Delivery delivery_;
  std::string output_;
  size_t body_begin_ = 0;
  size_t output_end_ = 0;
  size_t sent_ = 0;
};

}  // namespace fake_aikido
