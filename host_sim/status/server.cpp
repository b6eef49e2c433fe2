#include "host_sim/status/server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <list>
#include <thread>
#include <utility>

#include "host_sim/status/connection.hpp"

namespace host::status {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::milliseconds kPauseAfterFailure(100);

std::string cannot_listen(const Address& address, const std::string& why) {
  return "--status " + url_of(address) + " cannot be served: " + why +
         "; is another host or program on that port? Give another port, or one of this machine's "
         "addresses";
}

}  // namespace

struct Server::Impl {
  Impl(ServerOptions wanted, Source the_source, Clock& the_clock, Log& the_log)
      : options(std::move(wanted)),
        source(std::move(the_source)),
        clock(the_clock),
        log(the_log),
        answers(source, options.names, history, clock) {}

  error_code listen() {
    const tcp::endpoint endpoint(asio::ip::make_address(options.address.ip), options.address.port);
    error_code error;
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (!error) options.address.port = acceptor.local_endpoint(error).port();
    return error;
  }

  void start() {
    accept();
    sample();
    thread = std::thread([this] { run(); });
  }

  // A request that cannot be answered, for want of memory, costs no other one its answer.
  void run() {
    for (;;) try {
        context.run();
        return;
      } catch (const std::exception& failure) {
        log.warning("", std::string("the status page failed: ") + failure.what() +
                            "; it serves on, and the collection is not touched");
      }
  }

  void accept() {
    acceptor.async_accept([this](error_code error, tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (error) return accept_later();
      accept();
      welcome(std::move(socket));
    });
  }

  // Of time that passes for people, whatever the host's clock says.
  void sample() {
    next_sample.expires_after(std::chrono::nanoseconds(history.interval_ns()));
    next_sample.async_wait([this](error_code error) {
      if (error) return;
      sample();
      history.add(clock.wall_ns(), source.statuses());
    });
  }

  // Mostly for want of descriptors: they come back.
  void accept_later() {
    pause.expires_after(kPauseAfterFailure);
    pause.async_wait([this](error_code error) {
      if (!error) accept();
    });
  }

  void welcome(tcp::socket socket) {
    if (connections.size() >= options.limits.connections) drop(connections.front());
    connections.push_back(
        std::make_shared<Connection>(std::move(socket), answers, options.limits,
                                     [this](Connection* closed) { forget(closed); }));
    connections.back()->open();
  }

  static void drop(std::shared_ptr<Connection> connection) { connection->close(); }

  void forget(const Connection* closed) {
    connections.remove_if([closed](const auto& other) { return other.get() == closed; });
  }

  void stop() {
    if (!thread.joinable()) return;
    asio::post(context, [this] {
      error_code ignored;
      acceptor.close(ignored);
      while (!connections.empty()) drop(connections.front());
      context.stop();
    });
    thread.join();
  }

  ServerOptions options;
  const Source source;
  Clock& clock;
  Log& log;
  History history;
  const Answers answers;
  asio::io_context context{1};
  tcp::acceptor acceptor{context};
  asio::steady_timer pause{context};
  asio::steady_timer next_sample{context};
  std::list<std::shared_ptr<Connection>> connections;  // the oldest first
  std::thread thread;
};

connector::Result<std::unique_ptr<Server>> Server::open(ServerOptions options, Source source,
                                                        Clock& clock, Log& log) {
  auto impl = std::make_unique<Impl>(std::move(options), std::move(source), clock, log);
  if (const error_code error = impl->listen(); error)
    return connector::Error{connector::Status::kTransient,
                            cannot_listen(impl->options.address, error.message())};
  impl->start();
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() { impl_->stop(); }

std::string Server::url() const { return url_of(impl_->options.address); }

}  // namespace host::status
