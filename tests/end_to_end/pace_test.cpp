// At the default pace no rolling minute ever holds more than 19 requests, tokens included.
#include <random>
#include <set>

#include "tests/end_to_end/world.hpp"

namespace end_to_end {
namespace {

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
  const std::vector<std::string> lines =
      test_support::read_lines(world.output().parent_path() / "twin.ndjson");
  EXPECT_NEAR(static_cast<double>(lines.size()), 4000.0 * 5 / 29, 70) << "the twin had its share";
  EXPECT_EQ(std::set<std::string>(lines.begin(), lines.end()).size(), lines.size());
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

// Whatever an operator does between runs, and during one.
TEST(Pace, IsSharedWithEveryLook) {
  World world;
  world.settings["backfill_start_time"] = "-30d";
  world.add_history(6000, 29 * kDay);
  std::mt19937 random(5);
  ASSERT_EQ(world.run_for(kMinute), 0) << world.log();
  for (int round = 0; round < 20; ++round) {
    for (auto looks = random() % 4; looks > 0; --looks) {
      EXPECT_EQ(random() % 2 ? world.check() : world.preview(60), 0) << world.looked;
    }
    EXPECT_EQ(world.run_for(static_cast<int64_t>(1 + random() % 50) * kSecond), 0);
  }
  EXPECT_GT(world.server().log().count(), 100U);
  EXPECT_LE(world.server().log().most_in_rolling_minute(), 19U);
  EXPECT_EQ(world.server().log().count(Kind::kPage, 429), 0U);
}

TEST(Pace, ALookBesideARunIsRefusedAndAsksNothing) {
  World world;
  world.settings["backfill_start_time"] = "-30d";
  world.add_history(4000, 29 * kDay);
  int looks = 0;
  world.watch_each(20 * kSecond, [&](const host::PipelineStatus&) {
    const size_t before = world.server().log().count();
    EXPECT_EQ(looks++ % 2 ? world.check() : world.preview(10), 1);
    EXPECT_NE(world.looked.find("is in use by another host"), std::string::npos) << world.looked;
    EXPECT_EQ(world.server().log().count(), before);
  });
  ASSERT_EQ(world.run_for(5 * kMinute), 0) << world.log();
  EXPECT_GE(looks, 14);
  EXPECT_LE(world.server().log().most_in_rolling_minute(), 19U);
}

// A service that asked to be left alone is left alone also by the run after a crash.
TEST(Pace, ARetryAfterOutlivesACrash) {
  World world;
  world.settings["backfill_start_time"] = "-30d";
  world.add_history(2000, 29 * kDay);
  world.server().faults().push(fake_aikido::fault::too_many_requests(600).on(Kind::kPage).after(3));
  world.at_crash_point = [](std::string_view where) {
    if (where == "before_clean_end") throw Crash();
  };
  EXPECT_THROW(world.run_for(kMinute), Crash);
  world.at_crash_point = nullptr;
  ASSERT_EQ(world.server().log().count(Kind::kPage, 429), 1U);
  const size_t before = world.server().log().count();
  const int64_t refused_ns = world.server().log().entries().back().asked.time_ns;
  ASSERT_EQ(world.run_for(500 * kSecond), 0) << world.log();
  EXPECT_EQ(world.server().log().count(), before) << "also in the run after a clean end";
  ASSERT_EQ(world.run_for(kHour), 0) << world.log();
  const auto log = world.server().log().entries();
  ASSERT_GT(log.size(), before);
  EXPECT_GE(log[before].asked.time_ns - refused_ns, 600 * kSecond);
  EXPECT_TRUE(is_complete(world));
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
