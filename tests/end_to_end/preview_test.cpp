// `preview`: records to look at, and what a full run would fetch, which is then what it fetches.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstring>
#include <regex>

#include "tests/end_to_end/program_world.hpp"

namespace end_to_end {
namespace {

using fake_aikido::Kind;
using fake_aikido::kSecond;
using test_support::ProgramEnd;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr int64_t kDayS = 86'400;
constexpr size_t kRecords = 3000;

class Previewed : public testing::Test {
 protected:
  Previewed() {
    const int64_t now_s = world_.server().now_ns() / kSecond;
    world_.server().organisation().add(
        fake_aikido::make_activity(kRecords, now_s - 20 * kDayS, now_s - 60, {}));
    world_.settings["backfill_start_time"] = "-20d";
  }

  // The number before that word in the estimate; 0 where there is none.
  static double told(const std::string& text, const std::string& word) {
    std::smatch found;
    const bool is_told = std::regex_search(text, found, std::regex("([0-9]+) " + word));
    return is_told ? std::stod(found[1]) : 0;
  }
  static bool is_near(double estimate, size_t truth) {
    const auto value = static_cast<double>(truth);
    return estimate > value / 2 && estimate < value * 2;
  }

  ProgramWorld world_;
};

TEST_F(Previewed, SomeRecordsAndWhatAFullRunThenFetches) {
  const ProgramEnd end = world_.run({"preview", "-n", "5", "M"});
  EXPECT_EQ(end.exit_code, 0) << end.err;
  EXPECT_EQ(std::count(end.out.begin(), end.out.end(), '\n'), 5);
  const fake_aikido::RequestLog& log = world_.server().log();
  EXPECT_EQ(log.count(Kind::kToken), 2U) << "one for the forecast";
  EXPECT_LE(log.count(Kind::kPage), 9U) << "until it comes to the backfill";
  EXPECT_FALSE(std::filesystem::exists(world_.state));
  EXPECT_FALSE(std::filesystem::exists(world_.output));

  EXPECT_THAT(end.err, HasSubstr("a full run would read from 20"));
  EXPECT_THAT(end.err, HasSubstr("(20 days), and all that is newer, asked for every 1 s\n"));
  EXPECT_THAT(end.err,
              HasSubstr(" at 18000 requests a minute (an estimate, from 100 records within "));
  world_.server().log().clear();
  ASSERT_EQ(world_.run({"run", "--once", "M"}).exit_code, 0);
  EXPECT_TRUE(is_near(told(end.err, "records in"), world_.lines().size())) << end.err;
  EXPECT_TRUE(is_near(told(end.err, "requests,"), log.count(Kind::kPage)))
      << end.err << log.count(Kind::kPage);
}

TEST_F(Previewed, AWholeDayIsAsGoodAnEstimate) {
  const ProgramEnd end = world_.run({"preview", "-n", "100000", "M"});
  EXPECT_EQ(end.exit_code, 0) << end.err;
  EXPECT_TRUE(is_near(told(end.err, "records in"), kRecords)) << end.err;
}

TEST_F(Previewed, OfAnUnevenHistoryIsNotTheNewestBurst) {
  ProgramWorld world;
  const int64_t now_s = world.server().now_ns() / kSecond;
  fake_aikido::ActivityStyle style;
  world.server().organisation().add(fake_aikido::make_activity(60, now_s - 60, now_s, style));
  style.first_number = 1000;
  for (int64_t day = 1; day <= 30; ++day, ++style.first_number)
    world.server().organisation().add(
        fake_aikido::make_activity(1, now_s - day * kDayS + 60, now_s - day * kDayS + 60, style));
  world.settings["backfill_start_time"] = "-30d";
  world.settings["poll_interval"] = "60s";
  world.settings["late_check_interval"] = "10m";
  world.settings["late_arrival_window"] = "90m";
  const ProgramEnd end = world.run({"preview", "-n", "5", "M"});
  EXPECT_EQ(end.exit_code, 0) << end.err;
  EXPECT_THAT(end.err, HasSubstr("that is between "));
  EXPECT_GT(told(end.err, "records in"), 90) << end.err;
  EXPECT_LT(told(end.err, "and [0-9]+ records in"), 90) << end.err;
  EXPECT_LT(told(end.err, "records in"), 30 * 16 * 70) << "the whole late window was read";
  EXPECT_THAT(end.err, HasSubstr("which may be far off: from 61 records within 2"));
}

// The window is the run's own, whatever the preview has passed of it, and what is empty there does
// not dilute what follows.
TEST_F(Previewed, AStartBeforeTheFirstRecordIsNoSignOfFewRecords) {
  for (const char* start : {"-22d", "-300d"}) {
    world_.settings["backfill_start_time"] = start;
    const ProgramEnd end = world_.run({"preview", "-n", "5", "M"});
    EXPECT_EQ(end.exit_code, 0) << end.err;
    EXPECT_THAT(end.err, HasSubstr("(" + std::string(start + 1, strlen(start) - 2) + " days)"));
    EXPECT_LT(told(end.err, "and [0-9]+ records in"), 2 * kRecords) << end.err;
    EXPECT_GT(told(end.err, "records in"), kRecords / 2) << end.err;
  }
  world_.settings["backfill_start_time"] = "2024-01-01T00:00:00Z";
  EXPECT_THAT(world_.run({"preview", "-n", "5", "M"}).err,
              HasSubstr("a full run would read from 2024-01-01T00:00:00Z to "));
}

TEST_F(Previewed, ASlowPaceIsSaidOnce) {
  world_.settings["requests_per_second"] = "0.99";
  const ProgramEnd end = world_.run({"preview", "-n", "5", "M"});
  EXPECT_EQ(end.exit_code, 0) << end.err;
  const std::string line = "this takes a while, for a request goes out every 1 s only";
  EXPECT_EQ(end.err.find(line), 0U) << end.err;
  EXPECT_EQ(end.err.rfind(line), 0U) << end.err;
}

// Also where only one of several looks is refused, which a run would try again.
TEST_F(Previewed, ARefusedSettingIsNamedAtItsPlace) {
  world_.settings["repository_id"] = "123";
  world_.server().faults().push(fake_aikido::fault::status(400).on(Kind::kPage));
  world_.server().faults().push(fake_aikido::fault::status(400).on(Kind::kPage));
  const std::string place = "pipelines[0].input.settings.repository_id: Aikido's activity log";
  const ProgramEnd end = world_.run({"preview", "-n", "5", "M"});
  EXPECT_EQ(end.exit_code, 1);
  EXPECT_THAT(end.err, HasSubstr(place));
  EXPECT_THAT(end.err, Not(HasSubstr("/repository_id")));
  world_.server().faults().clear();
  world_.server().faults().push(fake_aikido::fault::status(400).on(Kind::kPage).for_ever());
  const ProgramEnd run = world_.run({"run", "--once", "M"});
  EXPECT_THAT(run.err, HasSubstr("erroring: " + world_.manifest().string() + ":"));
  EXPECT_THAT(run.err, HasSubstr(place));
  EXPECT_THAT(run.err, Not(HasSubstr("/repository_id")));
}

TEST_F(Previewed, AnEmptyLogIsSaid) {
  ProgramWorld world;
  world.settings["backfill_start_time"] = "-30d";
  const ProgramEnd end = world.run({"preview", "-n", "5", "M"});
  EXPECT_EQ(end.exit_code, 0) << end.err;
  EXPECT_THAT(end.out, IsEmpty());
  EXPECT_THAT(end.err, HasSubstr("no record in the last 24 h\n"));
}

// One line with cause and remedy, as by `check`.
TEST_F(Previewed, AFailureEndsIt) {
  world_.server().faults().push(
      fake_aikido::fault::too_many_requests(3600).on(Kind::kPage).for_ever());
  ProgramEnd end = world_.run({"preview", "-n", "5", "M"});
  EXPECT_EQ(end.exit_code, 1) << end.err;
  EXPECT_EQ(std::count(end.err.begin(), end.err.end(), '\n'), 1) << end.err;
  EXPECT_THAT(end.err, HasSubstr("wants a pause of 3600 s; if it stays, "));
  world_.server().faults().clear();
  world_.server().faults().push(fake_aikido::fault::status(503).on(Kind::kPage).for_ever());
  world_.server().log().clear();
  end = world_.run({"preview", "-n", "5", "M"});
  EXPECT_EQ(end.exit_code, 1) << end.err;
  EXPECT_EQ(std::count(end.err.begin(), end.err.end(), '\n'), 1) << end.err;
  EXPECT_THAT(end.err, HasSubstr("answered 503"));
  EXPECT_EQ(world_.server().log().count(Kind::kPage), 2U) << "one more try";
}

TEST_F(Previewed, AFailureThatIsSoonOverIsNoneToTell) {
  world_.server().faults().push(fake_aikido::fault::status(503).on(Kind::kPage));
  const ProgramEnd end = world_.run({"preview", "-n", "5", "M"});
  EXPECT_EQ(end.exit_code, 0) << end.err;
  EXPECT_THAT(end.err, Not(HasSubstr("503")));
}

TEST_F(Previewed, OfARunThatWasStoppedItIsWhatIsLeft) {
  world_.settings["requests_per_second"] = "20";
  const auto run = world_.start({"run", "M"});
  ASSERT_TRUE(comes_true([&] { return world_.lines().size() > kRecords / 2; })) << run->err();
  run->signal(SIGTERM);
  ASSERT_TRUE(run->wait(kBounded));
  const auto before = world_.committed();
  ASSERT_TRUE(before);
  ASSERT_LT(before->records, static_cast<int64_t>(kRecords));
  const size_t delivered = world_.lines().size();

  const ProgramEnd end = world_.run({"preview", "-n", "5", "M"});
  EXPECT_EQ(end.exit_code, 0) << end.err;
  EXPECT_THAT(end.err, Not(HasSubstr("(20 days)")));
  const double days = told(end.err, "days\\)");
  EXPECT_GT(days, 2) << end.err;
  EXPECT_LT(days, 15) << end.err;
  EXPECT_EQ(world_.committed()->checkpoint, before->checkpoint) << "nothing is touched";
  EXPECT_EQ(world_.lines().size(), delivered);

  ASSERT_EQ(world_.run({"run", "--once", "M"}).exit_code, 0);
  EXPECT_THAT(world_.run({"preview", "-n", "5", "M"}).err,
              HasSubstr("a run would read new records alone, for the past is read already, asked "
                        "for every 1 s\n"));
}

TEST_F(Previewed, WithoutABackfillThereIsThePollRateAlone) {
  world_.settings.erase("backfill_start_time");
  const ProgramEnd end = world_.run({"preview", "-n", "5", "M"});
  EXPECT_EQ(end.exit_code, 0) << end.err;
  EXPECT_EQ(std::count(end.out.begin(), end.out.end(), '\n'), 5) << "of the last day";
  EXPECT_THAT(end.err, HasSubstr("a run would read new records alone, from 20"));
  EXPECT_THAT(end.err, HasSubstr(" on, asked for every 1 s\n"));
}

TEST_F(Previewed, WhatARunWouldRefuseIsSaid) {
  ASSERT_EQ(world_.run({"run", "--once", "M"}).exit_code, 0);
  world_.settings["user_type"] = "user_only";
  ProgramEnd end = world_.run({"preview", "-n", "5", "M"});
  EXPECT_EQ(end.exit_code, 0) << end.err;
  EXPECT_THAT(end.err, HasSubstr("what a full run would fetch is not known: "));
  EXPECT_THAT(end.err, HasSubstr("state reset"));

  world_.server().log().clear();
  world_.settings["backfill_start_time"] = "2024-13-45";
  end = world_.run({"preview", "-n", "5", "M"});
  EXPECT_EQ(end.exit_code, 2) << "though a preview has a time of its own";
  EXPECT_THAT(end.err, HasSubstr("pipelines[0].input.settings.backfill_start_time: "));
  EXPECT_THAT(end.out, IsEmpty());
  EXPECT_EQ(world_.server().log().count(), 0U);
}

}  // namespace
}  // namespace end_to_end
