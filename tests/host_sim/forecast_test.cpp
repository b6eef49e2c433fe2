#include "host_sim/commands/forecast.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugin_api/connector_plugin.h"

namespace host::commands {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr int64_t kHourNs = int64_t{3600} * 1'000'000'000;
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

// 51 records, one each half hour.
Sample two_an_hour() {
  std::vector<int64_t> times;
  for (int64_t i = 0; i <= 50; ++i) times.push_back(i * kHourNs / 2);
  Sample sample;
  sample.add(times);
  return sample;
}

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
  Sample half;
  half.add({0, kHourNs});
  half.complete(50 * kDayS);
  EXPECT_THAT(forecast(hundred_days(0), half, kSlotNs)[1],
              HasSubstr("about 4 records in 1 requests, 3 s at 18 requests a minute (an estimate, "
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
  Sample one;
  one.add({kHourNs});
  for (const Sample& too_few : {Sample(), one})
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
  Sample sample;
  sample.add({INT64_MIN + 1, INT64_MAX});
  EXPECT_GT(*sample.density(), 0);
}

// A gap between two batches says nothing: perhaps it was only not looked into.
TEST(Sample, CountsWithinBatchesAlone) {
  Sample sample;
  sample.add({0, kHourNs, 2 * kHourNs});
  sample.add({});
  sample.add({1000 * kHourNs, 1001 * kHourNs});
  EXPECT_DOUBLE_EQ(sample.seconds(), 3 * 3600);
  EXPECT_DOUBLE_EQ(*sample.density() * 3600, 1);
  EXPECT_EQ(sample.largest_batch(), 3U);
}

TEST(Sample, OfSeveralPlacesIsNotOfTheDensestAlone) {
  Sample burst;
  burst.add({0, kHourNs / 60});
  Sample quiet;
  quiet.complete(kDayS);
  EXPECT_FALSE(quiet.density()) << "nothing was seen";
  burst.include(quiet);
  EXPECT_EQ(burst.records(), 2U);
  EXPECT_NEAR(*burst.density() * kDayS, 1, 0.001);
}

TEST(Sample, OfARangeThatWasReadToItsEnd) {
  Sample sample;
  sample.add({kHourNs});
  EXPECT_FALSE(sample.density());
  sample.complete(kDayS);
  EXPECT_DOUBLE_EQ(*sample.density() * kDayS, 1);
}

}  // namespace
}  // namespace host::commands
