#include "tests/many_pipelines/load.hpp"

#include <chrono>
#include <csignal>
#include <map>
#include <stdexcept>
#include <thread>

#include "tests/host_sim/status/raw_client.hpp"

namespace many_pipelines {
namespace {

using fake_aikido::kSecond;
using test_support::Program;

constexpr std::chrono::seconds kBounded(600);

double seconds(int64_t ns) { return static_cast<double>(ns) / static_cast<double>(kSecond); }

// A series of /metrics by its whole name; 0 where it is not there.
double series(const std::string& metrics, const std::string& name) {
  const size_t at = metrics.find("\n" + name + " ");
  return at == std::string::npos ? 0 : std::stod(metrics.substr(at + name.size() + 2));
}

const std::string kDelay = "connector_schedule_delay_seconds";

// Turns by the bound in seconds within which they began; the last bound is infinite.
std::map<double, double> delay_buckets(const std::string& metrics) {
  const std::string head = "\n" + kDelay + "_bucket{le=\"";
  std::map<double, double> buckets;
  for (size_t at = 0; (at = metrics.find(head, at)) != std::string::npos;) {
    at += head.size();
    buckets[std::stod(metrics.substr(at))] = std::stod(metrics.substr(metrics.find(' ', at)));
  }
  return buckets;
}

// What the host counts since its start.
struct Counted {
  explicit Counted(const std::string& metrics)
      : turns(series(metrics, kDelay + "_count")),
        delay_s(series(metrics, kDelay + "_sum")),
        within(delay_buckets(metrics)),
        syncs(series(metrics, "connector_output_syncs_total") +
              series(metrics, "connector_commit_groups_total{synced=\"yes\"}")) {}
  double turns, delay_s;
  std::map<double, double> within;
  double syncs;
};

// The least bound within which 99 of 100 turns began.
double p99_delay_s(const Counted& before, const Counted& after) {
  for (const auto& [bound_s, turns] : after.within)
    if (turns - before.within.at(bound_s) >= 0.99 * (after.turns - before.turns)) return bound_s;
  throw std::runtime_error("the host tells no schedule delays");
}

class Load {
 public:
  explicit Load(const Options& options) : options_(options), tenants_(options) {}

  Figures measure() {
    Figures figures;
    figures.first_round_s = start();
    watch(figures);
    stop();
    if (!options_.restart) return figures;
    figures.second_round_s = start();
    stop();
    return figures;
  }

 private:
  // Seconds until every untroubled client has polled.
  double start() {
    const int64_t from_ns = tenants_.server().now_ns();
    host_ = std::make_unique<Program>(
        test_support::Arguments{HOST_SIM, "run", "--log-level", "info", "--status", "127.0.0.1:0",
                                tenants_.manifest().string()},
        test_support::Environment{{"CONNECTOR_CA_BUNDLE", tenants_.authority().string()}});
    if (!host_->wait_for_err("status on ", kBounded))
      throw std::runtime_error("the host serves no status: " + host_->err());
    const auto until = std::chrono::steady_clock::now() + kBounded;
    while (std::chrono::steady_clock::now() < until) {
      if (const auto end = host_->wait(std::chrono::seconds(1)))
        throw std::runtime_error("the host ended by itself: " + end->err);
      if (const auto asked_ns = all_have_asked_ns(options_, tenants_.server().log(), from_ns))
        return seconds(*asked_ns - from_ns);
    }
    throw std::runtime_error("not every client has polled within ten minutes");
  }

  void watch(Figures& figures) {
    const int64_t from_ns = tenants_.server().now_ns();
    const Counted before(metrics());
    const double cpu_before_s = usage_of(host_->pid()).cpu_s;
    std::this_thread::sleep_for(std::chrono::seconds(options_.seconds));
    figures.usage = usage_of(host_->pid());
    const int64_t to_ns = tenants_.server().now_ns();
    const Counted after(metrics());
    figures.span_s = seconds(to_ns - from_ns);
    figures.polls = polls_in(options_, tenants_.server().log(), from_ns, to_ns);
    figures.cpu_s = figures.usage.cpu_s - cpu_before_s;
    const double turns = after.turns - before.turns;
    figures.mean_delay_ms = turns > 0 ? 1000 * (after.delay_s - before.delay_s) / turns : 0;
    figures.p99_delay_ms = 1000 * p99_delay_s(before, after);
    figures.syncs = after.syncs - before.syncs;
  }

  std::string metrics() {
    return host::status::test::get(host::status::test::port_in(host_->err()), "/metrics");
  }

  void stop() {
    host_->signal(SIGTERM);
    const auto end = host_->wait(kBounded);
    if (!end || end->exit_code != 0)
      throw std::runtime_error("the host did not stop: " + host_->err());
    host_.reset();
    tenants_.server().log().clear();
  }

  const Options options_;
  Tenants tenants_;
  std::unique_ptr<Program> host_;
};

}  // namespace

Figures measure(const Options& options) { return Load(options).measure(); }

}  // namespace many_pipelines
