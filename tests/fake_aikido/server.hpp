// The stand-in for Aikido: a real HTTP(S) server on the loopback interface.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/fake_aikido/certificates.hpp"
#include "tests/fake_aikido/clock.hpp"
#include "tests/fake_aikido/credentials.hpp"
#include "tests/fake_aikido/faults.hpp"
#include "tests/fake_aikido/organisation.hpp"
#include "tests/fake_aikido/request_log.hpp"
#include "tests/fake_aikido/switches.hpp"

namespace fake_aikido {

struct ServerOptions {
  uint16_t port = 0;                   // 0: a free one
  std::vector<Client> clients = {{}};  // AIK_CLIENT_test with AIK_SECRET_test
  Switches switches = {};
  std::optional<KeyPair> tls = {};      // none: plain http
  bool only_old_tls = false;            // nothing newer than TLS 1.1
  std::string host_name = "127.0.0.1";  // as url() says it
  bool mute = false;                    // accepts connections and then does nothing
  bool control = false;                 // GET /_control/counts answers counts, without credentials
};

// Runs on one thread of its own from construction to stop(). Any thread may use it.
class Server {
 public:
  // Throws when the port is taken or the certificate is none. `clock` outlives the server; none:
  // the system's.
  explicit Server(ServerOptions options = {},
                  std::shared_ptr<Organisation> organisation = std::make_shared<Organisation>(),
                  Clock* clock = nullptr);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // "http://127.0.0.1:PORT"
  std::string url() const;
  uint16_t port() const;

  Organisation& organisation();
  Faults& faults();
  RequestLog& log();
  Credentials& credentials();
  void change(const std::function<void(Switches&)>& how);
  Switches switches() const;
  // TLS handshakes that resumed an earlier session.
  size_t resumed_sessions() const;
  // On the stand-in's own clock.
  int64_t now_ns() const;

  // Closes the port and every connection. Once.
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fake_aikido
