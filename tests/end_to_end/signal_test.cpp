// A signal while the input waits, or while a request hangs: the host has ended within a second.
#include <gtest/gtest.h>

#include <csignal>

#include "tests/end_to_end/program_world.hpp"

namespace end_to_end {
namespace {

namespace fault = fake_aikido::fault;
using std::chrono::steady_clock;

constexpr std::chrono::seconds kPromised(1);
constexpr int kTries = 5;  // a loaded machine may spoil some of them

struct Waiting {
  const char* name;
  fake_aikido::Fault (*make)();
};

class Signal : public testing::TestWithParam<Waiting> {};

steady_clock::duration time_to_end(const Waiting& waiting) {
  ProgramWorld world;
  world.add_history(20);
  world.server().faults().push(waiting.make().on(fake_aikido::Kind::kPage));
  const auto program = world.start({"run", "M"});
  EXPECT_TRUE(comes_true([&] { return world.server().faults().pending() == 0; })) << program->err();
  const auto begin = steady_clock::now();
  program->signal(SIGTERM);
  const auto end = program->wait(test_support::kBounded);
  const auto taken = steady_clock::now() - begin;
  EXPECT_TRUE(end && end->exit_code == 0) << program->err();
  return taken;
}

TEST_P(Signal, EndsTheHostWithinASecond) {
  auto least = steady_clock::duration::max();
  for (int i = 0; i < kTries && least >= kPromised; ++i)
    least = std::min(least, time_to_end(GetParam()));
  EXPECT_LT(least, kPromised);
}

INSTANTIATE_TEST_SUITE_P(While, Signal,
                         testing::Values(Waiting{"RateLimited",
                                                 [] { return fault::too_many_requests(600); }},
                                         Waiting{"ARequestHangs", [] { return fault::hang(); }}),
                         [](const auto& parameter) { return std::string(parameter.param.name); });

}  // namespace
}  // namespace end_to_end
