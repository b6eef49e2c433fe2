// Records arrive untouched and once, however odd they are; a page that is no JSON is an error, and
// loses nothing.
#include "tests/end_to_end/world.hpp"

namespace end_to_end {
namespace {

std::string stamp(int64_t seconds) { return std::to_string(seconds); }

// One of each kind, all in the last hour of the history.
void add_oddities(World& world) {
  const int64_t from = world.now_s() - 3000;
  auto add = [&, at = from](const std::string& text) mutable {
    at += 7;
    std::string filled = text;
    if (const size_t place = filled.find("TIME"); place != std::string::npos)
      filled.replace(place, 4, stamp(at));
    world.add_text(at * kSecond, filled);
  };
  add(R"({"timestamp":TIME,"action":"no id"})");
  add(R"({"id":null,"timestamp":TIME,"action":"null id"})");
  add(R"({"id":9001,"action":"no time"})");
  add(R"({"id":9002,"timestamp":null})");
  add(R"({"action":"neither id nor time"})");
  add(R"({"id":77,"timestamp":TIME})");
  add(R"({"id":"77","timestamp":TIME})");
  add(R"({"id":123456789012345678901234567890,"timestamp":TIME})");
  add(R"({"id":9003,"timestamp":TIME,"big":18446744073709551616,"huge":1e400,"small":-1E-999})");
  add(R"({"id":9004,"timestamp":TIME,"lone":"\ud800","pair":"\ud83d\ude00","text":"\u00e9é😀"})");
  add(R"({"id":9005,"timestamp":TIME,"unknown":{"a":[1,[2,{"b":[]}]],"c":{}},"z":1,"a":2})");
  add(R"({"timestamp":TIME,"spaced" : [ 1 , 2 ],	"tab":"a b\n\\\"c" , "id":9006 })");
  add(R"({"id":9007,"timestamp":"not a time"})");
  add(R"({"id":9008.5,"timestamp":TIME})");
  add(R"({"id":"","timestamp":TIME})");
  add("{}");
}

class OddRecords : public testing::TestWithParam<bool> {};

TEST_P(OddRecords, ArriveUntouchedAndOnce) {
  fake_aikido::Switches switches;
  switches.pretty = GetParam();
  World world(switches);
  world.settings["backfill_start_time"] = "-10d";
  world.add_history(300, 9 * kDay);
  add_oddities(world);
  ASSERT_EQ(world.run_for(4 * kHour), 0) << world.log();
  EXPECT_EQ(world.visible().size(), 316U);
  EXPECT_TRUE(is_complete(world));
  ASSERT_EQ(world.run_once(), 0) << world.log();
  EXPECT_TRUE(is_complete(world));
}

INSTANTIATE_TEST_SUITE_P(PrettyOrNot, OddRecords, testing::Bool());

TEST(OddRecords, InTheBackfillAreDeliveredOnceAtItsEdgesToo) {
  World world;
  world.settings["backfill_start_time"] = "-10d";
  // Every hour, so that some lie at the edges of windows and at the split.
  for (int hour = 1; hour < 240; ++hour)
    world.add_text(world.clock().now_ns() - hour * kHour,
                   R"({"id":)" + std::to_string(hour) + R"(,"action":"without a time"})");
  ASSERT_EQ(world.run_for(3 * kHour), 0) << world.log();
  EXPECT_TRUE(is_complete(world));
}

TEST(OddRecords, InvalidJsonIsAProtocolErrorThatLosesNothing) {
  World world;
  world.settings["backfill_start_time"] = "-10d";
  world.add_history(400, 9 * kDay);
  world.server().faults().push(
      fake_aikido::fault::invalid_json().on(Kind::kPage).after(2).times(3));
  world.server().faults().push(
      fake_aikido::fault::body(R"([{"id":1,"timestamp":1}{"id":2}])").on(Kind::kPage).after(5));
  ASSERT_EQ(world.run_for(2 * kHour), 0) << world.log();
  EXPECT_EQ(world.server().faults().pending(), 0U);
  EXPECT_NE(world.log().find("invalid data: element 1"), std::string::npos) << world.log();
  EXPECT_TRUE(is_complete(world));
}

TEST(OddRecords, InvalidJsonFiveTimesInARowEndsARunWithOne) {
  World world;
  world.settings["backfill_start_time"] = "-10d";
  world.add_history(400, 9 * kDay);
  world.server().faults().push(fake_aikido::fault::invalid_json().on(Kind::kPage).for_ever());
  EXPECT_EQ(world.run_once(), 1);
  EXPECT_EQ(world.server().log().count(Kind::kPage), 5U);
  world.server().faults().clear();
  EXPECT_EQ(world.run_once(), 0) << world.log();
  EXPECT_TRUE(is_complete(world));
}

}  // namespace
}  // namespace end_to_end
