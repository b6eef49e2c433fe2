#include "tests/crash_loop/growing_server.hpp"

#include <chrono>

#include "tests/fake_aikido/live_activity.hpp"

namespace crash_loop {
namespace {

constexpr double kPerMinute = 2400;
constexpr double kLateFraction = 0.3;
constexpr std::chrono::milliseconds kStep(20);

}  // namespace

GrowingServer::GrowingServer(fake_aikido::Server& server, uint64_t seed, int64_t first_number)
    : server_(server), thread_([this, seed, first_number] { grow(seed, first_number); }) {}

GrowingServer::~GrowingServer() { stop(); }

void GrowingServer::grow(uint64_t seed, int64_t first_number) {
  fake_aikido::LiveActivity live(server_.organisation(),
                                 {.seed = seed,
                                  .shape = fake_aikido::Shape::kMixed,
                                  .late_fraction = kLateFraction,
                                  .latest_s = kLatestS,
                                  .first_number = first_number},
                                 kPerMinute, server_.now_ns(), fake_aikido::kNever);
  while (!stopping_) {
    live.go_on(server_.now_ns());
    std::this_thread::sleep_for(kStep);
  }
}

void GrowingServer::stop() {
  if (!thread_.joinable()) return;
  stopping_ = true;
  thread_.join();
  std::this_thread::sleep_for(std::chrono::seconds(kLatestS + 1));
}

}  // namespace crash_loop
