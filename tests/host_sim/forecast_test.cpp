#include "host_sim/commands/forecast.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugin_api/connector_plugin.h"

namespace host::commands {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr int64_t kSecondNs = 1'000'000'000;
constexpr int64_t kHourNs = 3600 * kSecondNs;
constexpr int64_t kDayS = 86'400;
constexpr int64_t kSlotNs = 3'333'333'333;

Metric gauge(const std::string& name, const std::string& labels, int64_t value) {
  return {{"p", name, labels}, CONNECTOR_METRIC_GAUGE, value};
}

// A run that has read its hundred days of the past up to `done_s`.
ToldGauges hundred_days(int64_t done_s) {
  return ToldGauges({gauge("range_start_timestamp_seconds", "range=backfill", 0),
                     gauge("range_done_timestamp_seconds", "range=backfill", done_s),
                     gauge("range_end_timestamp_seconds", "range=backfill", 100 * kDayS),
                     gauge("range_start_timestamp_seconds", "range=live", 100 * kDayS),
                     gauge("poll_interval_seconds", "", 60), gauge("records_per_request", "", 50)});
}

// So many records, evenly over this time.
std::vector<SeenRecord> evenly(uint64_t count, int64_t from_s, int64_t end_s) {
  std::vector<SeenRecord> records;
  for (uint64_t i = 0; i < count; ++i) {
    const int64_t span_ns = (end_s - from_s) * kSecondNs;
    const int64_t time_ns =
        from_s * kSecondNs + span_ns / static_cast<int64_t>(count - 1) * static_cast<int64_t>(i);
    records.push_back({time_ns, static_cast<uint64_t>(from_s) * 1000 + i});
  }
  return records;
}

std::vector<SeenRecord> at_hours(const std::vector<int64_t>& hours) {
  std::vector<SeenRecord> records;
  for (const int64_t hour : hours) records.push_back({hour * kHourNs, static_cast<uint64_t>(hour)});
  return records;
}

Sample with(const std::vector<SeenRecord>& batch) {
  Sample sample;
  sample.add(batch);
  return sample;
}

// 51 records, one each half hour, beside the newest end.
Seen two_an_hour() { return {with(evenly(51, 99 * kDayS - 3600, 100 * kDayS)), {}}; }

TEST(Forecast, ARangeItsRequestsAndTheirTime) {
  EXPECT_THAT(
      forecast(hundred_days(0), two_an_hour(), kSlotNs),
      ElementsAre("a full run would read from 1970-01-01T00:00:00Z to 1970-04-11T00:00:00Z (100 "
                  "days), and all that is newer, asked for every 60 s",
                  "that is about 4800 records in 96 requests, 5 min at 18 requests a minute (an "
                  "estimate, which may be far off: from 51 records within 25 h)"));
}

TEST(Forecast, OfARunThatGoesOnIsOfWhatIsLeft) {
  const auto lines = forecast(hundred_days(75 * kDayS), two_an_hour(), kSlotNs);
  EXPECT_THAT(lines[0], HasSubstr("from 1970-03-17T00:00:00Z to 1970-04-11T00:00:00Z (25 days)"));
  EXPECT_THAT(lines[1], HasSubstr("about 1200 records in 24 requests"));
  EXPECT_THAT(forecast(hundred_days(100 * kDayS), two_an_hour(), kSlotNs),
              ElementsAre("a run would read new records alone, for the past is read already, asked "
                          "for every 60 s"));
}

TEST(Forecast, ASampleOfALargePartIsTrusted) {
  Seen half;
  half.newest.add(at_hours({0, 1}));
  half.newest.complete(0, 50 * kDayS);
  EXPECT_THAT(forecast(hundred_days(0), half, kSlotNs)[1],
              HasSubstr("about 4 records in 1 request, 3 s at 18 requests a minute (an estimate, "
                        "from 2 records within 50 days)"));
}

TEST(Forecast, WithoutABackfillThereIsThePollRateAlone) {
  const ToldGauges run({gauge("range_start_timestamp_seconds", "range=live", kDayS),
                        gauge("poll_interval_seconds", "", 60)});
  EXPECT_THAT(forecast(run, two_an_hour(), kSlotNs),
              ElementsAre("a run would read new records alone, from 1970-01-02T00:00:00Z on, asked "
                          "for every 60 s"));
}

TEST(Forecast, SaysWhenItCannotKnow) {
  EXPECT_THAT(forecast(ToldGauges({}), two_an_hour(), kSlotNs),
              ElementsAre("what a full run would fetch is not known: its plugin tells no range of "
                          "time"));
  for (const Seen& too_few : {Seen(), Seen{with(at_hours({1})), {}}})
    EXPECT_THAT(forecast(hundred_days(0), too_few, kSlotNs)[1], HasSubstr("cannot be estimated"));
  EXPECT_THAT(forecast(hundred_days(0), two_an_hour(), 0)[1], HasSubstr("for no pace is kept"));
}

TEST(Forecast, TakesNoNonsenseForATime) {
  for (const int64_t nonsense : {int64_t{-1}, INT64_MIN, INT64_MAX})
    for (const char* edge : {"done", "end"}) {
      const ToldGauges run({gauge("range_done_timestamp_seconds", "range=backfill",
                                  edge == std::string("done") ? nonsense : 0),
                            gauge("range_end_timestamp_seconds", "range=backfill",
                                  edge == std::string("end") ? nonsense : kDayS)});
      EXPECT_THAT(forecast(run, two_an_hour(), kSlotNs).front(), HasSubstr("is not known"));
    }
  EXPECT_GT(*with({{INT64_MIN + 1, 1}, {INT64_MAX, 2}}).density(), 0);
}

// Two ends that are alike speak for what lies between them.
TEST(Forecast, OfTwoPlacesThatAreAlikeIsTrusted) {
  Seen seen = two_an_hour();
  seen.beginning.add(evenly(50, 0, kDayS));
  EXPECT_THAT(forecast(hundred_days(0), seen, kSlotNs)[1],
              HasSubstr("(an estimate, from 101 records within 2 days)"));
}

TEST(Forecast, OfTwoPlacesThatDifferIsARange) {
  Seen seen;
  seen.newest.add(evenly(51, 100 * kDayS, 100 * kDayS + 50));
  seen.beginning.add(at_hours({0, 12}));
  EXPECT_THAT(forecast(hundred_days(0), seen, kSlotNs)[1],
              AllOf(HasSubstr("that is between 200 and 8600000 records in 4 to 170000 requests, "),
                    HasSubstr("(an estimate, which may be far off: from 53 records within 12 h)")));
}

// That a history begins later than it might says nothing of how dense it is.
TEST(Forecast, AnEmptyBeginningDoesNotDiluteWhatFollows) {
  Seen seen;
  seen.newest.add(evenly(51, 100 * kDayS, 100 * kDayS + 1500));
  seen.beginning.complete(0, 50 * kDayS);
  EXPECT_THAT(forecast(hundred_days(0), seen, kSlotNs)[1],
              AllOf(HasSubstr("about 140000 records in 2900 requests"),
                    HasSubstr("which may be far off: from 51 records within 25 min)")));
}

// Behind an empty time records begin between where nothing was read yet and the first one seen.
TEST(Forecast, WhereTheRecordsBeginIsARange) {
  Seen seen = two_an_hour();
  seen.beginning.complete(0, kDayS);
  seen.beginning.add(evenly(50, 89 * kDayS, 90 * kDayS));
  EXPECT_THAT(forecast(hundred_days(0), seen, kSlotNs)[1],
              HasSubstr("between 530 and 4900 records in "));
}

// What a run read between two looks at its gauges.
TEST(Forecast, WhatWasReadToItsEndIsKnownByTheGauges) {
  Sample past;
  Sample newest;
  note_read(hundred_days(0), hundred_days(kDayS), false, past, newest);
  EXPECT_DOUBLE_EQ(past.empty_seconds(0, 100 * kDayS), kDayS);
  std::vector<Metric> looked = {gauge("range_start_timestamp_seconds", "range=live", kDayS),
                                gauge("late_sweep_timestamp_seconds", "", kDayS + 60)};
  note_read(ToldGauges({}), ToldGauges(looked), false, past, newest);
  EXPECT_EQ(newest.empty_seconds(0, INT32_MAX), 0) << "an earlier run may have done that";
  note_read(ToldGauges({}), ToldGauges(looked), true, past, newest);
  EXPECT_DOUBLE_EQ(newest.empty_seconds(0, INT32_MAX), 60);
  note_read(ToldGauges(looked), ToldGauges(looked), true, past, newest);
  EXPECT_DOUBLE_EQ(newest.empty_seconds(0, INT32_MAX), 60);
}

// A gap between two batches says nothing: perhaps it was only not looked into.
TEST(Sample, CountsWithinBatchesAlone) {
  Sample sample;
  sample.add(at_hours({0, 1, 2}));
  sample.add({});
  sample.add(at_hours({1000, 1001}));
  EXPECT_DOUBLE_EQ(sample.seconds(), 3 * 3600);
  EXPECT_DOUBLE_EQ(*sample.density() * 3600, 1);
  EXPECT_EQ(sample.largest_batch(), 3U);
}

TEST(Sample, OfAListInNoOrderOfTimeOnlyAWholeRangeTells) {
  Sample sample = with(at_hours({90, 3, 47}));
  EXPECT_FALSE(sample.density()) << "these may be three of thousands";
  sample.add(at_hours({100, 99, 98}));
  EXPECT_DOUBLE_EQ(sample.density().value_or(0) * 3600, 1) << "descending is an order";
  sample.complete(0, 97 * 3600);
  EXPECT_EQ(sample.records(), 6U);
  EXPECT_DOUBLE_EQ(sample.density().value_or(0) * 3600, 5.0 / 99);
}

TEST(Sample, WhatIsSeenTwiceCountsOnce) {
  Sample sample;
  sample.add(at_hours({0, 1, 2, 3}));
  sample.include(with(at_hours({2, 3, 4})));
  EXPECT_EQ(sample.records(), 5U);
  EXPECT_DOUBLE_EQ(sample.seconds(), 4 * 3600);
  EXPECT_DOUBLE_EQ(*sample.density() * 3600, 1);
}

TEST(Sample, OfSeveralPlacesIsNotOfTheDensestAlone) {
  Sample burst = with({{100 * kHourNs, 1}, {100 * kHourNs + 60 * kSecondNs, 2}});
  Sample quiet = with(at_hours({1}));
  quiet.complete(0, kDayS);
  burst.include(quiet);
  EXPECT_EQ(burst.records(), 3U);
  EXPECT_NEAR(*burst.density() * kDayS, 2, 0.01);
}

TEST(Sample, OfARangeThatWasReadToItsEnd) {
  Sample sample = with(at_hours({1}));
  EXPECT_FALSE(sample.density());
  sample.complete(0, kDayS);
  EXPECT_DOUBLE_EQ(*sample.density() * kDayS, 1);
}

TEST(Sample, ARangeWithoutRecordsIsNoneThatIsDense) {
  Sample sample;
  sample.complete(0, kDayS);
  EXPECT_FALSE(sample.density()) << "nothing was seen";
  EXPECT_EQ(sample.seconds(), 0);
  EXPECT_DOUBLE_EQ(sample.empty_seconds(kDayS / 2, 9 * kDayS), kDayS / 2.0);
  sample.add(evenly(51, 2 * kDayS, 2 * kDayS + 50));
  EXPECT_DOUBLE_EQ(*sample.density(), 1);
  EXPECT_EQ(sample.first_s(), 2 * kDayS);
}

}  // namespace
}  // namespace host::commands
