// Thousands of organisations at one stand-in over TLS, and the manifest that collects from all.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include "tests/fake_aikido/server.hpp"
#include "tests/support/files.hpp"

namespace many_pipelines {

struct Options {
  int64_t pipelines = 1000;
  int64_t troubled = 0;  // more of them, of which a third each hangs, fails and floods
  int64_t poll_s = 60;
  int64_t seconds = 120;       // that are measured
  int64_t busy_s = 0;          // that the machine may have something else to do
  bool restart = true;         // and then it is started anew
  double live_per_minute = 6;  // in each tenth organisation; nothing happens in the others
};

// What happens in the organisation of a client, by its number.
enum class Lot { kQuiet, kLive, kHangs, kFails, kFloods };
Lot lot_of(const Options& options, int64_t number);
std::string client_id(int64_t number);

// Serves from construction on. One thread.
class Tenants {
 public:
  explicit Tenants(const Options& options);
  ~Tenants();
  Tenants(const Tenants&) = delete;
  Tenants& operator=(const Tenants&) = delete;

  fake_aikido::Server& server() { return *server_; }
  std::filesystem::path manifest() const { return folder_ / "manifest.yaml"; }
  std::filesystem::path authority() const { return folder_ / "authority.pem"; }

 private:
  void add_clients();
  void add_troubles();
  void write_manifest() const;
  void live();  // on its thread, until the end

  const Options options_;
  const test_support::TemporaryFolder folder_;
  const std::shared_ptr<fake_aikido::Organisation> busy_, flooding_;
  std::unique_ptr<fake_aikido::Server> server_;
  std::atomic<bool> ending_ = false;
  std::thread life_;
};

}  // namespace many_pipelines
