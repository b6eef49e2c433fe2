#include "tests/fake_aikido/connection.hpp"

#include <poll.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

namespace fake_aikido {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr uint32_t kHeadLimit = 64 * 1024;
constexpr uint64_t kBodyLimit = 1024 * 1024;
constexpr size_t kInputLimit = 2 * 1024 * 1024;

HttpRequest plain(const http::request<http::string_body>& message) {
  HttpRequest request;
  request.method = std::string(message.method_string());
  request.target = std::string(message.target());
  request.version = message.version();
  for (const auto& field : message)
    request.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
  request.body = message.body();
  return request;
}

}  // namespace

bool ClientWatch::gone() {
  const std::lock_guard lock(mutex_);
  if (socket_ < 0) return true;
  pollfd look{socket_, POLLRDHUP, 0};
  return poll(&look, 1, 0) > 0;
}

void ClientWatch::close() {
  const std::lock_guard lock(mutex_);
  socket_ = -1;
}

Connection::Connection(std::unique_ptr<Wire> wire, Service& service, Clock& clock,
                       std::function<void(Connection*)> closed)
    : wire_(std::move(wire)),
      service_(service),
      clock_(clock),
      closed_(std::move(closed)),
      watch_(std::make_shared<ClientWatch>(wire_->socket().native_handle())) {}

void Connection::open() {
  wire_->open([self = shared_from_this()](error_code error) {
    if (error) return self->close();
    self->parser_.emplace();
    self->read();
  });
}

void Connection::stay_mute() { park(kNever, &Connection::close); }

void Connection::close() {
  if (!closed_) return;
  if (parked_) clock_.unpark(parked_);
  watch_->close();
  error_code ignored;
  wire_->socket().close(ignored);
  std::exchange(closed_, nullptr)(this);
}

// Always under way, so that a client who goes is noticed while its answer is parked, too.
void Connection::read() {
  wire_->read_some(asio::buffer(chunk_),
                   [self = shared_from_this()](error_code error, size_t size) {
                     if (error || self->input_.size() > kInputLimit) return self->close();
                     self->input_.append(self->chunk_.data(), size);
                     if (!self->is_answering_) self->parse();
                     if (self->closed_) self->read();
                   });
}

void Connection::parse() {
  if (input_.empty()) return;
  parser_->eager(true);
  parser_->header_limit(kHeadLimit);
  parser_->body_limit(kBodyLimit);
  error_code error;
  const size_t used = parser_->put(asio::buffer(input_), error);
  input_.erase(0, used);
  if (error && error != http::error::need_more) return refuse_syntax();
  if (!parser_->is_done()) return;
  const HttpRequest request = plain(parser_->get());
  parser_.emplace();
  answer(request);
}

void Connection::answer(const HttpRequest& request) { deliver(service_.answer(request)); }

void Connection::refuse_syntax() {
  Answer answer = refusal(400, "Bad Request");
  answer.headers.emplace_back("Connection", "close");
  answer.delivery.end = Delivery::End::kClose;
  deliver(std::move(answer));
}

void Connection::deliver(Answer answer) {
  is_answering_ = true;
  delivery_ = answer.delivery;
  const std::optional<int64_t> date_s = service_.now_ns() / kSecond;
  output_ = head_of(answer, service_.switches().sends_date ? date_s : std::nullopt);
  body_begin_ = output_.size();
  if (delivery_.endless_headers)
    output_.resize(output_.size() - 2);  // without the empty line
  else
    output_ += answer.body;
  const size_t missing = std::min(delivery_.missing_bytes, output_.size() - body_begin_);
  output_end_ = std::min(output_.size() - missing, delivery_.bytes);
  sent_ = 0;
  if (delivery_.delay_ns > 0) return park(clock_.now_ns() + delivery_.delay_ns, &Connection::send);
  send();
}

void Connection::send() {
  if (sent_ == output_end_) return finish();
  if (delivery_.drop_bytes == 0) return write(output_end_);
  // The head at once, then the body drop by drop.
  write(sent_ == 0 ? std::min(body_begin_, output_end_)
                   : std::min(delivery_.drop_bytes, output_end_ - sent_));
}

void Connection::write(size_t size) {
  wire_->write(asio::buffer(output_.data() + sent_, size), [self = shared_from_this()](
                                                               error_code error, size_t written) {
    if (error || !self->closed_) return self->close();
    self->sent_ += written;
    const bool drips = self->delivery_.drop_bytes > 0;
    if (!drips || self->sent_ == self->output_end_) return self->send();
    self->park(self->clock_.now_ns() + self->delivery_.drop_interval_ns, &Connection::send);
  });
}

void Connection::send_filler() {
  sent_ = 0;
  output_.clear();
  for (size_t line = 0; line < 1000; ++line)
    output_ += "X-Filler-" + std::to_string(line) + ": " + std::string(64, 'x') + "\r\n";
  wire_->write(asio::buffer(output_), [self = shared_from_this()](error_code error, size_t) {
    if (error || !self->closed_) return self->close();
    self->send_filler();
  });
}

void Connection::finish() {
  if (delivery_.endless_headers) return send_filler();
  switch (delivery_.end) {
    case Delivery::End::kKeep:
      is_answering_ = false;
      return parse();
    case Delivery::End::kClose:
      return close();
    case Delivery::End::kReset:
      return reset();
    case Delivery::End::kHang:
      return park(kNever, &Connection::close);
  }
}

void Connection::park(int64_t until_ns, void (Connection::*then)()) {
  auto executor = wire_->socket().get_executor();
  Park park;
  park.until_ns = until_ns;
  park.release = [executor, then, self = weak_from_this()] {
    asio::post(executor, [then, self] {
      const std::shared_ptr<Connection> alive = self.lock();
      if (!alive || !alive->closed_) return;
      alive->parked_ = 0;
      (alive.get()->*then)();
    });
  };
  park.abandoned = [watch = watch_] { return watch->gone(); };
  parked_ = clock_.park(std::move(park));
}

void Connection::reset() {
  error_code ignored;
  wire_->socket().set_option(asio::socket_base::linger(true, 0), ignored);
  close();
}

}  // namespace fake_aikido
