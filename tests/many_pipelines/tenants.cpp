#include "tests/many_pipelines/tenants.hpp"

#include <chrono>
#include <cstdio>
#include <sstream>

#include "tests/fake_aikido/activity.hpp"
#include "tests/fake_aikido/live_activity.hpp"

namespace many_pipelines {
namespace {

using fake_aikido::kSecond;
using fake_aikido::Organisation;

constexpr size_t kNoQuota = 1'000'000;
constexpr size_t kFlood = 100'000;
constexpr int64_t kDayS = 86'400;

fake_aikido::ServerOptions server_options(const fake_aikido::CertificateAuthority& authority) {
  fake_aikido::ServerOptions options;
  options.clients = {};
  options.switches.quota = kNoQuota;
  options.tls = authority.issue({"IP:127.0.0.1"});
  return options;
}

int64_t number_of(const std::string& client) {
  const size_t digits = client.find_last_not_of("0123456789") + 1;
  return digits == client.size() ? -1 : std::stoll(client.substr(digits));
}

}  // namespace

std::string client_id(int64_t number) { return "AIK_CLIENT_" + std::to_string(number); }

Lot lot_of(const Options& options, int64_t number) {
  if (number < options.pipelines) return number % 10 == 0 ? Lot::kLive : Lot::kQuiet;
  constexpr Lot kTroubles[] = {Lot::kHangs, Lot::kFails, Lot::kFloods};
  return kTroubles[(number - options.pipelines) % 3];
}

Tenants::Tenants(const Options& options)
    : options_(options),
      busy_(std::make_shared<Organisation>()),
      flooding_(std::make_shared<Organisation>()) {
  const fake_aikido::CertificateAuthority trusted;
  server_ = std::make_unique<fake_aikido::Server>(server_options(trusted));
  test_support::write_file(authority(), trusted.certificate());
  test_support::write_file(folder_ / "secret", "AIK_SECRET_test");
  std::filesystem::permissions(folder_ / "secret", std::filesystem::perms(0600));
  add_clients();
  add_troubles();
  write_manifest();
  life_ = std::thread([this] { live(); });
}

Tenants::~Tenants() {
  ending_ = true;
  life_.join();
}

void Tenants::add_clients() {
  for (int64_t number = 0; number < options_.pipelines + options_.troubled; ++number) {
    fake_aikido::Client client{.id = client_id(number), .workspace = client_id(number)};
    const Lot lot = lot_of(options_, number);
    if (lot == Lot::kLive) client.organisation = busy_;
    if (lot == Lot::kFloods) client.organisation = flooding_;
    server_->credentials().add(std::move(client));
  }
}

void Tenants::add_troubles() {
  if (options_.troubled == 0) return;
  const auto befalls = [this](Lot lot) {
    return [this, lot](const fake_aikido::Asked& asked) {
      const int64_t number = number_of(asked.client);
      return number >= options_.pipelines && lot_of(options_, number) == lot;
    };
  };
  server_->faults().push(fake_aikido::fault::hang().for_ever().when(befalls(Lot::kHangs)));
  server_->faults().push(fake_aikido::fault::status(503).for_ever().when(befalls(Lot::kFails)));
  const int64_t now_s = server_->now_ns() / kSecond;
  flooding_->add(fake_aikido::make_activity(kFlood, now_s - kDayS, now_s));
}

void Tenants::write_manifest() const {
  std::ostringstream yaml;
  yaml << "version: 1\nstate: host.db\nplugin_dir: " << PLUGIN_FOLDER << "\npipelines:\n";
  for (int64_t number = 0; number < options_.pipelines + options_.troubled; ++number) {
    const bool floods = lot_of(options_, number) == Lot::kFloods;
    yaml << "  - {name: p" << number << ", input: {plugin: aikido_activity_log, settings: {"
         << "client_id: " << client_id(number) << ", base_url: \"" << server_->url()
         << "\", poll_interval: " << options_.poll_s << "s"
         << (floods ? ", backfill_start_time: -1d, requests_per_second: 2" : "")
         << "}, secrets: {client_secret: {file: secret}}}, output: {type: file, path: out/p"
         << number << ".ndjson}}\n";
  }
  test_support::write_file(manifest(), yaml.str());
}

void Tenants::live() {
  fake_aikido::LiveActivity activity(*busy_, {}, options_.live_per_minute, server_->now_ns(),
                                     fake_aikido::kNever);
  while (!ending_) {
    activity.go_on(server_->now_ns());
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

}  // namespace many_pipelines
