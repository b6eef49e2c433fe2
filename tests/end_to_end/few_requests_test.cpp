// What the real parts ask of the vendor in the end: hardly more than there are pages, at the whole
// of the pace while there is work, and no page again after a crash.
#include <algorithm>
#include <cmath>
#include <random>

#include "tests/end_to_end/world.hpp"

namespace end_to_end {
namespace {

using fake_aikido::LoggedRequest;

constexpr double kSlotsPerSecond = 0.3;

fake_aikido::Switches with_header(bool header) {
  fake_aikido::Switches switches;
  switches.next_page_header = header;
  return switches;
}

class FewRequests : public testing::TestWithParam<bool> {
 protected:
  fake_aikido::Switches switches() const { return with_header(GetParam()); }
};

bool is_of_backfill(const LoggedRequest& request, int64_t split_s) {
  const auto end = request.asked.parameter("end");
  return end && std::stoll(*end) <= split_s + 1;
}

// From the first request of the backfill to its last, whoever asked.
std::vector<LoggedRequest> while_backfilling(World& world, int64_t split_s) {
  std::vector<LoggedRequest> log = world.server().log().entries();
  const auto belongs = [&](const LoggedRequest& one) { return is_of_backfill(one, split_s); };
  const auto first = std::find_if(log.begin(), log.end(), belongs);
  const auto last = std::find_if(log.rbegin(), log.rend(), belongs).base();
  return first < last ? std::vector(first, last) : std::vector<LoggedRequest>();
}

TEST_P(FewRequests, ADenseBackfillTakesHardlyMoreThanItsPagesAndTheWholePace) {
  World world(switches());
  world.settings["backfill_start_time"] = "-30d";
  const int64_t split_s = world.now_s() - 90 * 60;
  world.add_history(100'000, 30 * kDay - kMinute);
  world.add_stream(world.clock().now_ns(), 2 * kHour, 1);
  ASSERT_EQ(world.run_for(3 * kHour), 0) << world.log();
  EXPECT_TRUE(is_complete(world));
  EXPECT_LE(world.metric("requests_total", "kind=backfill"), 1.02 * 100'000 / 50 + 10);

  const std::vector<LoggedRequest> asked = while_backfilling(world, split_s);
  ASSERT_GE(asked.size(), 2'000U);
  const auto span_ns = asked.back().asked.time_ns - asked.front().asked.time_ns;
  const double slots =
      static_cast<double>(span_ns) / static_cast<double>(kSecond) * kSlotsPerSecond;
  EXPECT_GE(static_cast<double>(asked.size() - 1), 0.99 * slots);
}

TEST_P(FewRequests, ASparseBackfillOfFiveYearsTakesFortyAtMost) {
  for (const size_t count : {0, 10, 1'000}) {
    World world(switches());
    world.settings["backfill_start_time"] = "-1825d";
    world.add_history(count, 1'825 * kDay - kMinute);
    ASSERT_EQ(world.run_once(), 0) << world.log();
    EXPECT_EQ(world.lines().size(), count);
    EXPECT_LE(world.metric("requests_total", "kind=backfill"), 40) << count;
  }
}

TEST_P(FewRequests, ADayOfPollingTakesHardlyMoreThanOneAPoll) {
  for (const int a_day : {100, 1'000}) {
    World world(switches());
    world.add_stream(world.clock().now_ns(), kDay, a_day / 1440.0);
    ASSERT_EQ(world.run_for(kDay), 0) << world.log();
    const size_t asked = world.server().log().count(Kind::kPage);
    EXPECT_LE(asked, 1'440U * 13 / 10) << a_day;
    EXPECT_GE(asked, 1'440U * 95 / 100) << a_day;
  }
}

// How many pages the backfill asked for, in an hour of runs of which many end in a crash, each
// right after a commit.
int64_t pages_of_backfill(const fake_aikido::Switches& switches, unsigned crash_one_in) {
  World world(switches);
  world.settings["backfill_start_time"] = "-90d";
  const int64_t split_s = world.now_s() - 90 * 60;
  world.add_history(12'345, 90 * kDay - kMinute);
  std::mt19937 random(3);
  int crashes = 0;
  world.at_crash_point = [&](std::string_view where) {
    if (where != "after_commit" || crash_one_in == 0 || random() % crash_one_in != 0) return;
    ++crashes;
    throw Crash();
  };
  const int64_t end_ns = world.clock().now_ns() + kHour;
  while (world.clock().now_ns() < end_ns) {
    try {
      EXPECT_EQ(world.run_for(end_ns - world.clock().now_ns()), 0) << world.log();
    } catch (const Crash&) {
    }
  }
  EXPECT_TRUE(is_complete(world));
  EXPECT_TRUE(crash_one_in == 0 || crashes > 50) << crashes;
  const std::vector<LoggedRequest> log = world.server().log().entries();
  return std::count_if(log.begin(), log.end(),
                       [&](const LoggedRequest& one) { return is_of_backfill(one, split_s); });
}

TEST_P(FewRequests, ACrashCostsTheBackfillNoPageTwice) {
  const int64_t without = pages_of_backfill(switches(), 0);
  EXPECT_GE(without, 12'345 / 50);
  EXPECT_EQ(pages_of_backfill(switches(), 6), without);
}

INSTANTIATE_TEST_SUITE_P(TheEndOfAList, FewRequests, testing::Bool(),
                         [](const auto& by) { return by.param ? "Header" : "EmptyPage"; });

}  // namespace
}  // namespace end_to_end
