#include "host_sim/status/connection.hpp"

#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <utility>

namespace host::status {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using beast::error_code;
using boost::asio::ip::tcp;

bool is_about_syntax(error_code error) {
  return error.category() == make_error_code(http::error::bad_method).category() &&
         error != http::error::end_of_stream && error != http::error::partial_message;
}

}  // namespace

Connection::Connection(tcp::socket socket, const Answers& answers, const Limits& limits,
                       std::function<void(Connection*)> closed)
    : stream_(std::move(socket)),
      answers_(answers),
      limits_(limits),
      closed_(std::move(closed)),
      buffer_(limits.head_bytes) {}

void Connection::close() {
  if (!closed_) return;
  stream_.close();
  std::exchange(closed_, nullptr)(this);
}

void Connection::read() {
  parser_.emplace();
  parser_->header_limit(limits_.head_bytes);
  stream_.expires_after(limits_.request);
  http::async_read(stream_, buffer_, *parser_,
                   [self = shared_from_this()](error_code error, size_t) {
                     if (error) return self->read_failed(error);
                     self->answer_request();
                   });
}

void Connection::answer_request() {
  const Request& request = parser_->get();
  try {
    respond(answers_.to(request), request.method() != http::verb::head, request.keep_alive());
  } catch (...) {
    close();
    throw;  // the server tells
  }
}

// A client that went or was too slow hears nothing more.
void Connection::read_failed(error_code error) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow)
    return respond(answer(http::status::request_header_fields_too_large, "text/plain",
                          "the head of a request is too long\n"),
                   true, false);
  if (!is_about_syntax(error)) return close();
  respond(answer(http::status::bad_request, "text/plain", "this is no request without a body\n"),
          true, false);
}

void Connection::respond(Answer answer, bool with_body, bool keeps) {
  answer_ = std::move(answer);
  answer_.keep_alive(keeps);
  answer_.prepare_payload();
  serializer_.emplace(answer_);
  stream_.expires_after(limits_.answer);
  const auto done = [self = shared_from_this()](error_code error, size_t) { self->written(error); };
  if (with_body) return http::async_write(stream_, *serializer_, done);
  http::async_write_header(stream_, *serializer_, done);
}

void Connection::written(error_code error) {
  if (!closed_) return;
  if (error) return close();
  if (answer_.keep_alive()) return read();
  say_farewell();
}

// What the client still sends is read, or the answer would be lost with a reset.
void Connection::say_farewell() {
  error_code ignored;
  stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
  stream_.expires_after(limits_.farewell);
  drain();
}

void Connection::drain() {
  buffer_.clear();
  stream_.async_read_some(buffer_.prepare(limits_.head_bytes),
                          [self = shared_from_this()](error_code error, size_t) {
                            if (error || !self->closed_) return self->close();
                            self->drain();
                          });
}

}  // namespace host::status
