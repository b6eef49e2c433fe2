#include "tests/fake_aikido/server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <thread>
#include <unordered_map>
#include <utility>

#include "tests/fake_aikido/asio_clock.hpp"
#include "tests/fake_aikido/connection.hpp"
#include "tests/fake_aikido/service.hpp"
#include "tests/fake_aikido/wire.hpp"

namespace fake_aikido {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

// Old versions need what today's defaults forbid.
void use_old_versions(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
  SSL_CTX_set_max_proto_version(context, TLS1_1_VERSION);
  SSL_CTX_set_cipher_list(context, "DEFAULT:@SECLEVEL=0");
}

void use(asio::ssl::context& context, const KeyPair& pair, bool only_old) {
  context.set_options(asio::ssl::context::default_workarounds);
  if (only_old)
    use_old_versions(context.native_handle());
  else
    context.set_options(asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1);
  context.use_certificate_chain(asio::buffer(pair.certificate));
  context.use_private_key(asio::buffer(pair.key), asio::ssl::context::pem);
}

}  // namespace

struct Server::Impl {
  Impl(ServerOptions wanted, std::shared_ptr<Organisation> organisation, Clock* given_clock)
      : options(std::move(wanted)),
        clock(given_clock ? *given_clock : system_clock),
        service(std::move(organisation), options.switches, clock, options.control) {
    for (const Client& client : options.clients) service.credentials().add(client);
    if (options.tls) use(tls, *options.tls, options.only_old_tls);
    port = acceptor.local_endpoint().port();
    accept();
    thread = std::thread([this] { context.run(); });
  }

  void accept() {
    acceptor.async_accept([this](error_code error, tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (!error) welcome(std::move(socket));
      accept();
    });
  }

  void welcome(tcp::socket socket) {
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    auto wire = options.tls && !options.mute ? make_tls_wire(std::move(socket), tls)
                                             : make_plain_wire(std::move(socket));
    const auto connection = std::make_shared<Connection>(
        std::move(wire), service, clock, [this](Connection* closed) { connections.erase(closed); });
    connections.emplace(connection.get(), connection);
    options.mute ? connection->stay_mute() : connection->open();
  }

  void stop() {
    if (!thread.joinable()) return;
    asio::post(context, [this] {
      error_code ignored;
      acceptor.close(ignored);
      while (!connections.empty()) {
        const std::shared_ptr<Connection> connection = connections.begin()->second;
        connection->close();
      }
      context.stop();
    });
    thread.join();
  }

  ServerOptions options;
  asio::io_context context{1};
  AsioClock system_clock{context};
  Clock& clock;
  Service service;
  asio::ssl::context tls{asio::ssl::context::tls_server};
  tcp::acceptor acceptor{context, {asio::ip::address_v4::loopback(), options.port}};
  std::unordered_map<Connection*, std::shared_ptr<Connection>> connections;
  uint16_t port = 0;
  std::thread thread;
};

Server::Server(ServerOptions options, std::shared_ptr<Organisation> organisation, Clock* clock)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(organisation), clock)) {}

Server::~Server() { stop(); }

std::string Server::url() const {
  const std::string scheme = impl_->options.tls ? "https://" : "http://";
  return scheme + impl_->options.host_name + ':' + std::to_string(impl_->port);
}

uint16_t Server::port() const { return impl_->port; }
Organisation& Server::organisation() { return impl_->service.organisation(); }
Faults& Server::faults() { return impl_->service.faults(); }
RequestLog& Server::log() { return impl_->service.log(); }
Credentials& Server::credentials() { return impl_->service.credentials(); }
void Server::change(const std::function<void(Switches&)>& how) { impl_->service.change(how); }
Switches Server::switches() const { return impl_->service.switches(); }
size_t Server::resumed_sessions() const {
  return static_cast<size_t>(SSL_CTX_sess_hits(impl_->tls.native_handle()));
}
int64_t Server::now_ns() const { return impl_->service.now_ns(); }
void Server::stop() { impl_->stop(); }

}  // namespace fake_aikido
