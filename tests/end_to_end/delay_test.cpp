// Live records never wait behind a backfill or a late sweep, late ones come within the interval of
// the late checks, and the rest of the pace is used.
#include <algorithm>

#include "tests/end_to_end/footprint.hpp"
#include "tests/end_to_end/world.hpp"
#include "tests/fake_aikido/json_layout.hpp"

namespace end_to_end {
namespace {

// The greatest delay between surfacing and being written of all records that happened since
// `from_ns`; of the late ones alone, or of the others alone.
int64_t greatest_delay(World& world, const std::vector<fake_aikido::Record>& records,
                       bool late_ones) {
  int64_t greatest = -1;
  for (const fake_aikido::Record& record : records) {
    const bool is_late = record.visible_ns >= (record.time_s + 1) * kSecond;
    if (is_late != late_ones || record.visible_ns > world.clock().now_ns() - kHour) continue;
    const auto written = world.written_ns(fake_aikido::compact(record.text));
    if (!written) return INT64_MAX;
    greatest = std::max(greatest, *written - record.visible_ns);
  }
  return greatest < 0 ? INT64_MAX : greatest;  // none to judge by is no success
}

std::vector<fake_aikido::Record> stream(World& world, int64_t span_ns, double per_minute,
                                        double late_fraction) {
  const auto count = static_cast<size_t>(per_minute * static_cast<double>(span_ns / kMinute));
  std::vector<fake_aikido::Record> records = fake_aikido::make_activity(
      count, world.now_s() + 60, world.now_s() + span_ns / kSecond,
      {.seed = 7, .late_fraction = late_fraction, .first_number = 10'000'000});
  world.server().organisation().add(records);
  return records;
}

TEST(Delay, OfLiveAndLateRecordsIsSmallWhileABackfillUsesTheRestOfThePace) {
  World world;
  world.settings["backfill_start_time"] = "-90d";
  world.add_history(100'000, 90 * kDay - 10 * kMinute);
  const std::vector<fake_aikido::Record> live = stream(world, 2 * kHour, 1, 0.3);
  ASSERT_EQ(world.run_for(3 * kHour), 0) << world.log();
  EXPECT_TRUE(is_complete(world));

  EXPECT_LE(greatest_delay(world, live, false), kMinute + 20 * kSecond);
  EXPECT_LE(greatest_delay(world, live, true), 11 * kMinute);
  // While there is a backfill there is work for every slot: one each 3.33 s.
  const auto log = world.server().log().entries();
  const auto busy = std::count_if(log.begin(), log.end(), [&](const auto& entry) {
    return entry.asked.time_ns < log.front().asked.time_ns + kHour + 30 * kMinute;
  });
  EXPECT_GE(busy, 0.99 * 90 * 60 * 0.3);
  // The polls of a minute take two or three of its eighteen slots.
  const auto of_backfill = std::count_if(log.begin(), log.begin() + busy, [&](const auto& entry) {
    const auto end = entry.asked.parameter("end");
    return end && std::stoll(*end) < log.front().asked.time_ns / kSecond - 5'400 + 2;
  });
  EXPECT_GE(of_backfill, 0.75 * static_cast<double>(busy));
}

TEST(Delay, HoldsForADayAt80RecordsAMinuteHalfOfThemLate) {
  fake_aikido::Switches switches;
  switches.next_page_header = true;
  World world(switches);
  const std::vector<fake_aikido::Record> live = stream(world, 24 * kHour, 80, 0.5);
  Footprint greatest;
  world.watch_each(10 * kMinute,
                   [&](const host::PipelineStatus&) { greatest.widen(footprint(world)); });
  ASSERT_EQ(world.run_for(26 * kHour), 0) << world.log();
  EXPECT_TRUE(is_complete(world));
  EXPECT_LE(greatest_delay(world, live, false), kMinute + 25 * kSecond);
  // A late check's interval, and the requests that it takes to come to the record's page.
  EXPECT_LE(greatest_delay(world, live, true), 10 * kMinute + 2 * kMinute);
  EXPECT_GT(greatest.checkpoint, 7'200) << "it knows the ids of the late window";
  EXPECT_LT(greatest.checkpoint, 512 << 10);
}

// The late window, the interval of the late checks, and what a sweep takes.
constexpr int64_t kPromised = (90 + 10 + 5) * kMinute;

TEST(Delay, IsToldTruthfullyAt200RecordsAMinute) {
  fake_aikido::Switches switches;
  switches.next_page_header = true;
  World world(switches);
  const int64_t begin_ns = world.clock().now_ns();
  const std::vector<fake_aikido::Record> live = stream(world, 8 * kHour, 200, 0.5);
  std::vector<std::pair<int64_t, int64_t>> claims;  // when, watermark
  int64_t told = 0;
  int64_t green_with_notice = 0;
  int64_t green_and_behind = 0;
  world.watch_each(5 * kMinute, [&](const host::PipelineStatus& status) {
    claims.emplace_back(world.clock().now_ns(), status.watermark_ns);
    const bool behind = world.clock().now_ns() - status.watermark_ns > kPromised;
    green_and_behind += behind && status.health == host::PipelineHealth::kRunning;
    if (status.notice.empty()) return;
    told += status.notice.starts_with("looking for late records takes ");
    green_with_notice += status.health == host::PipelineHealth::kRunning;
  });
  ASSERT_EQ(world.run_for(16 * kHour), 0) << world.log();
  EXPECT_TRUE(is_complete(world));
  EXPECT_GT(told, 12) << "health did not say that late sweeps take most of the pace";
  EXPECT_EQ(green_and_behind, 0) << "health was green while the watermark was not where promised";
  EXPECT_EQ(green_with_notice, 0) << "health was green while late records were behind";
  EXPECT_NE(world.log().find("throttled: looking for late records takes "), std::string::npos);
  EXPECT_NE(world.log().find("; in this run "), std::string::npos) << "counts";

  ASSERT_GT(claims.size(), 100U);
  EXPECT_GT(claims.back().second, begin_ns) << "the watermark never moved";
  for (const auto& [when_ns, watermark_ns] : claims)
    for (size_t i = 0; i < live.size(); i += 97) {
      const fake_aikido::Record& record = live[i];
      if (record.time_s * kSecond >= watermark_ns) continue;
      const auto written = world.written_ns(fake_aikido::compact(record.text));
      ASSERT_TRUE(written && *written <= when_ns) << "a watermark passed a record";
    }
}

}  // namespace
}  // namespace end_to_end
