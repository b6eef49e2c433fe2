// From the state to a plugin that is ready, with a checkpoint as large as one can be.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <random>

#include "host_sim/state_store.hpp"
#include "plugins/aikido_activity_log/activity_log_input.hpp"
#include "plugins/aikido_activity_log/activity_page.hpp"
#include "plugins/aikido_activity_log/checkpoint.hpp"
#include "plugins/aikido_activity_log/settings.hpp"
#include "tests/aikido_activity_log/host_double.hpp"
#include "tests/support/files.hpp"

namespace benchmarks {
namespace {

using aikido::CheckpointData;
using benchmark::State;

constexpr const char* kSettings = R"({"client_id":"AIK_CLIENT_benchmark"})";
constexpr int64_t kNowS = aikido::kNoon;

// As Aikido documents them: integers that count up.
std::string dense_number(std::mt19937_64&, int64_t place) {
  return std::to_string(100'000'000 + place);
}

// In random steps of up to 2^40.
std::string far_number(std::mt19937_64& random, int64_t place) {
  constexpr int64_t kStep = int64_t{1} << 39;
  return std::to_string(place * kStep + static_cast<int64_t>(random() % kStep));
}

// Texts that share nothing with each other: the token as sent, quotes included.
std::string text(std::mt19937_64& random, int64_t) {
  char id[40];
  const uint64_t high = random(), low = random();
  std::snprintf(id, sizeof id, "\"%08x-%04x-%04x-%04x-%012llx\"", static_cast<unsigned>(high >> 32),
                static_cast<unsigned>(high >> 16 & 0xFFFF), static_cast<unsigned>(high & 0xFFFF),
                static_cast<unsigned>(low >> 48),
                static_cast<unsigned long long>(low & 0xFFFF'FFFF'FFFF));
  return id;
}

// As many as may be, and as much text of them as may be.
std::string short_text(std::mt19937_64&, int64_t place) {
  char id[20];
  std::snprintf(id, sizeof id, "\"event_%07d\"", static_cast<int>(place));
  return id;
}

// The longest that are taken for ids, of which all but the end is the same.
std::string long_text(std::mt19937_64& random, int64_t) {
  char end[12];
  std::snprintf(end, sizeof end, "%08x\"", static_cast<unsigned>(random()));
  return '"' + std::string(aikido::kLongestId - 10, 'x') + end;
}

using MakeId = std::string (*)(std::mt19937_64& random, int64_t place);

// At the default pace no more records come in the late window: 0.3 requests a second for 90
// minutes.
constexpr size_t kMostInWindow = 81'000;

// Some ten records a second, until there are so many or no more fit.
std::string full_checkpoint(MakeId make_id, size_t most, size_t& ids) {
  const aikido::Settings settings = *aikido::read_settings(kSettings, false);
  CheckpointData data;
  data.identity = settings.collector.identity;
  data.client_id = settings.collector.client_id;
  data.origin_ns = data.frontier_ns = data.late_opened_ns = kNowS * aikido::kNsPerSecond;
  data.split_s = data.settled_s = data.backfill_s = kNowS;
  data.remembered_from_s = kNowS - 3;
  std::mt19937_64 random(1);
  const auto has_room = [&] {
    const aikido::SeenAmount with_one_more =
        data.seen_amount() + aikido::SeenAmount{1, aikido::kLongestId};
    return data.seen_size() + 1'024 < aikido::kMostCheckpoint &&
           with_one_more.within(aikido::kMostSeen);
  };
  for (int64_t place = 0; data.live.size() < most && has_room(); ++place)
    data.live.add({make_id(random, place), false, false, false, kNowS + place / 10});
  ids = data.live.size();
  return encode(data);
}

void note(State& state, const std::string& checkpoint, size_t ids) {
  state.counters["bytes"] = static_cast<double>(checkpoint.size());
  state.counters["ids"] = static_cast<double>(ids);
}

void configure(State& state, MakeId make_id, size_t most = SIZE_MAX) {
  size_t ids = 0;
  const std::string checkpoint = full_checkpoint(make_id, most, ids);
  const aikido::HostDouble host;
  for ([[maybe_unused]] const auto turn : state) {
    aikido::ActivityLogInput input(host.host());
    const auto ready = input.configure(kSettings, checkpoint);
    if (!ready) return state.SkipWithError(ready.error().text.c_str());
  }
  note(state, checkpoint, ids);
}

// With the digest that tells whether the row is as it was written.
void read_state(State& state) {
  size_t ids = 0;
  const std::string checkpoint = full_checkpoint(text, SIZE_MAX, ids);
  const test_support::TemporaryFolder folder;
  {
    const auto store = host::StateStore::open(folder / "host.db");
    if (!store || !(*store)->commit({{"test", {.plugin = "benchmark", .checkpoint = checkpoint}}}))
      return state.SkipWithError("no state to read");
  }
  for ([[maybe_unused]] const auto turn : state) {
    const auto store = host::StateStore::open(folder / "host.db");
    const auto found = (*store)->pipeline("test");
    if (!found || (*found)->checkpoint.size() != checkpoint.size())
      return state.SkipWithError("the state is not as it was");
  }
  note(state, checkpoint, ids);
}

BENCHMARK(read_state)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(configure, texts_that_share_nothing, text)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(configure, short_texts, short_text)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(configure, long_texts_with_a_long_prefix_in_common, long_text)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(configure, numbers_far_apart, far_number)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(configure, numbers_that_count_up, dense_number)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(configure, numbers_of_a_full_window, dense_number, kMostInWindow)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace benchmarks

BENCHMARK_MAIN();
