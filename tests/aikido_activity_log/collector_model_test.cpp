// The collector in thousands of modelled worlds. MODEL_SEED=n replays one, MODEL_SEEDS=n sets how
// many are tried.
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/aikido_activity_log/model_world.hpp"

namespace aikido::model {
namespace {

uint64_t environment(const char* name, uint64_t otherwise) {
  const char* value = std::getenv(name);
  return value ? std::strtoull(value, nullptr, 10) : otherwise;
}

TEST(CollectorModel, EveryLawHoldsInEveryWorld) {
  const uint64_t only = environment("MODEL_SEED", 0);
  const uint64_t count = only ? 1 : environment("MODEL_SEEDS", 1'000);
  uint64_t requests = 0;
  int failed = 0;
  for (uint64_t i = 0; i < count && failed < 5; ++i) {
    World world(only ? only : i + 1);
    const std::string broken = world.live();
    for (const SweepKind kind : {SweepKind::kFresh, SweepKind::kLate, SweepKind::kBackfill})
      requests += static_cast<uint64_t>(world.requests(kind));
    if (broken.empty()) continue;
    ++failed;
    ADD_FAILURE() << broken << "\nreplay: MODEL_SEED=" << (only ? only : i + 1);
  }
  EXPECT_GT(requests, count);
}

}  // namespace
}  // namespace aikido::model
