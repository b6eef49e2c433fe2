// Serves the status over HTTP, on a thread of its own: whatever hangs there delays no pipeline.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "host_sim/log.hpp"
#include "host_sim/status/address.hpp"
#include "host_sim/status/limits.hpp"
#include "host_sim/status/snapshot.hpp"

namespace host::status {

struct ServerOptions {
  Address address;
  std::vector<std::string> names = {};  // in `Host`, beside addresses and localhost
  Limits limits = {};
};

// Any thread.
class Server {
 public:
  // Listens at once. TRANSIENT when it cannot; the text names address and remedy. `clock`, `log`
  // and what `source` asks outlive the server.
  static connector::Result<std::unique_ptr<Server>> open(ServerOptions options, Source source,
                                                         Clock& clock, Log& log);
  // Cuts every connection.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::string url() const;

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace host::status
