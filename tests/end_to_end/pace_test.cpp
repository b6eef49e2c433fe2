// At the default pace no rolling minute ever holds more than 19 requests, tokens included.
#include <random>
#include <stdexcept>

#include "tests/end_to_end/world.hpp"

namespace end_to_end {
namespace {

struct Crash : std::runtime_error {
  Crash() : std::runtime_error("crash") {}
};

// A second pipeline with the same client id, into a file of its own.
std::string twin(const World& world) {
  return "  - name: twin\n    input:\n      plugin: aikido_activity_log\n      settings: "
         "{client_id: AIK_CLIENT_test, backfill_start_time: -5d, base_url: \"" +
         world.server_url() +
         "\"}\n      secrets: {client_secret: {file: secret}}\n"
         "    output: {type: file, path: twin.ndjson}\n";
}

TEST(Pace, IsSharedByTwoPipelinesOnOneClientId) {
  World world;
  world.settings["backfill_start_time"] = "-30d";
  world.more_pipelines = twin(world);
  world.add_history(4000, 29 * kDay);
  ASSERT_EQ(world.run_for(kHour), 0) << world.log();
  EXPECT_TRUE(is_complete(world));
  const fake_aikido::RequestLog& log = world.server().log();
  EXPECT_LE(log.most_in_rolling_minute(), 19U);
  EXPECT_GE(log.most_in_rolling_minute(), 17U) << "the pace was not used";
  EXPECT_EQ(log.count(Kind::kPage, 429), 0U);
}

TEST(Pace, HoldsThroughRestartsAndCrashLoops) {
  World world;
  world.settings["backfill_start_time"] = "-30d";
  world.more_pipelines = twin(world);
  world.add_history(6000, 29 * kDay);
  std::mt19937 random(11);
  int crashes = 0;
  for (int run = 0; run < 60; ++run) {
    int left = static_cast<int>(random() % 12);
    const bool crash = random() % 2 == 0;
    world.at_crash_point = [&](std::string_view) {
      if (crash && --left < 0) throw Crash();
    };
    try {
      EXPECT_EQ(world.run_for(static_cast<int64_t>(1 + random() % 40) * kSecond), 0);
    } catch (const Crash&) {
      ++crashes;
    }
    if (random() % 3 == 0) world.down_for(static_cast<int64_t>(random() % 5000) * 1'000'000);
  }
  EXPECT_GT(crashes, 10);
  EXPECT_GT(world.server().log().count(), 100U);
  EXPECT_LE(world.server().log().most_in_rolling_minute(), 19U);
  world.at_crash_point = nullptr;
  ASSERT_EQ(world.run_once(), 0) << world.log();
  EXPECT_TRUE(is_complete(world));
  EXPECT_LE(world.server().log().most_in_rolling_minute(), 19U);
}

TEST(Pace, WaitsAsLongAsA429Says) {
  World world;
  world.settings["backfill_start_time"] = "-30d";
  world.add_history(2000, 29 * kDay);
  world.server().faults().push(fake_aikido::fault::too_many_requests(90).on(Kind::kPage).after(3));
  ASSERT_EQ(world.run_once(), 0) << world.log();
  EXPECT_TRUE(is_complete(world));
  const auto log = world.server().log().entries();
  for (size_t i = 0; i + 1 < log.size(); ++i) {
    if (log[i].status != 429) continue;
    EXPECT_GE(log[i + 1].asked.time_ns - log[i].asked.time_ns, 90 * kSecond);
  }
  EXPECT_EQ(world.server().log().count(Kind::kPage, 429), 1U);
}

}  // namespace
}  // namespace end_to_end
