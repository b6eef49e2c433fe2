// One client of the status server: a request, its answer, and so on.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/string_body.hpp>
#include <functional>
#include <memory>
#include <optional>

#include "host_sim/status/answers.hpp"
#include "host_sim/status/limits.hpp"

namespace host::status {

// On the server's thread. Lives until it is closed, by either side or by a limit.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(boost::asio::ip::tcp::socket socket, const Answers& answers, const Limits& limits,
             std::function<void(Connection*)> closed);

  void open() { read(); }
  void close();

 private:
  using Parser = boost::beast::http::request_parser<boost::beast::http::empty_body>;

  void read();
  void read_failed(boost::beast::error_code error);
  void answer_request();
  void respond(Answer answer, bool with_body, bool keeps);
  void written(boost::beast::error_code error);
  void say_farewell();
  void drain();

  boost::beast::tcp_stream stream_;
  const Answers& answers_;
  const Limits& limits_;
  std::function<void(Connection*)> closed_;
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  Answer answer_;
  std::optional<boost::beast::http::response_serializer<boost::beast::http::string_body>>
      serializer_;
};

}  // namespace host::status
