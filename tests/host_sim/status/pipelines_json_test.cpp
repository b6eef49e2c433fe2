#include "host_sim/status/pipelines_json.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "host_sim/clock.hpp"
#include "tests/host_sim/status/snapshots.hpp"

namespace host::status {
namespace {

using nlohmann::json;
using test::kBegin;
using test::measured;

PipelineSnapshot full() {
  PipelineSnapshot a = test::snapshot("a", PipelineHealth::kErroring, "away \"for\" long");
  a.status.since_ns = kBegin - 5 * kNsPerSecond;
  a.status.committed = 42;
  a.status.lag_ns = 90 * kNsPerSecond;
  a.status.watermark_ns = kBegin - 90 * kNsPerSecond;
  a.status.progress = 2500;
  a.status.last_error = "away";
  a.status.last_error_ns = kBegin - 5 * kNsPerSecond;
  a.status.last_commit_ns = kBegin - 6 * kNsPerSecond;
  a.status.waits[CONNECTOR_WAIT_RATE_LIMIT] = {2, 3 * kNsPerSecond};
  a.status.commits = 4;
  a.metrics = {measured("range_done_timestamp_seconds", "range=backfill", 1'600'000'000),
               measured("range_start_timestamp_seconds", "range=backfill", 1'500'000'000),
               measured("range_end_timestamp_seconds", "range=backfill", 1'700'000'000),
               measured("range_start_timestamp_seconds", "range=live", 1'700'000'000)};
  return a;
}

TEST(PipelinesJson, SaysWhereEachIs) {
  History history;
  history.add(kBegin - kNsPerSecond, {full().status});
  history.add(kBegin, {full().status});
  const json all = json::parse(pipelines_json(kBegin, {full()}, history));
  EXPECT_EQ(all.at("time"), "2023-11-14T22:13:20.000Z");
  ASSERT_EQ(all.at("pipelines").size(), 1u);
  const json& a = all["pipelines"][0];
  EXPECT_EQ(a.at("name"), "a");
  EXPECT_EQ(a.at("state"), "erroring");
  EXPECT_EQ(a.at("well"), false);
  EXPECT_EQ(a.at("reason"), "away \"for\" long");
  EXPECT_EQ(a.at("since"), "2023-11-14T22:13:15.000Z");
  EXPECT_EQ(a.at("records"), 42);
  EXPECT_EQ(a.at("lag_seconds"), 90);
  EXPECT_EQ(a.at("watermark"), "2023-11-14T22:11:50.000Z");
  EXPECT_EQ(a.at("progress"), 0.25);
  EXPECT_EQ(
      a.at("last_error"),
      json({{"time", "2023-11-14T22:13:15.000Z"}, {"text", "away"}, {"delivered_since", false}}));
  EXPECT_EQ(a.at("waits").at("rate_limit"), json({{"times", 2}, {"seconds", 3.0}}));
  EXPECT_EQ(a.at("commits").at("times"), 4);
  EXPECT_EQ(a.at("last_hour").at("time"), json({1'699'999'999, 1'700'000'000}));
  EXPECT_EQ(a.at("last_hour").at("records"), json({42, 42}));
  EXPECT_EQ(a.at("last_hour").at("lag_seconds"), json({90, 90}));
}

TEST(PipelinesJson, SaysWhetherItHasDeliveredSinceTheLastError) {
  PipelineSnapshot a = full();
  a.status.last_commit_ns = kBegin;
  const json all = json::parse(pipelines_json(kBegin, {a, test::snapshot("b", {})}, {}));
  EXPECT_EQ(all["pipelines"][0].at("last_error").at("delivered_since"), true);
  EXPECT_TRUE(all["pipelines"][1].at("last_error").is_null());
}

TEST(PipelinesJson, PutsTheRangesOfAPluginTogether) {
  const json a = json::parse(pipelines_json(kBegin, {full()}, {}))["pipelines"][0];
  ASSERT_EQ(a.at("ranges").size(), 2u);
  EXPECT_EQ(a["ranges"][0], json({{"name", "backfill"},
                                  {"start", "2017-07-14T02:40:00.000Z"},
                                  {"done", "2020-09-13T12:26:40.000Z"},
                                  {"end", "2023-11-14T22:13:20.000Z"}}));
  EXPECT_EQ(a["ranges"][1].at("name"), "live");
  EXPECT_TRUE(a["ranges"][1].at("end").is_null());
}

TEST(PipelinesJson, NonsenseOfAPluginIsNoRangeAndHarmsNothing) {
  PipelineSnapshot a = test::snapshot("a", PipelineHealth::kRunning);
  a.metrics = {measured("range_timestamp_seconds", "range=x", 1),
               measured("range__timestamp_seconds", "range=x", 1),
               measured("range_name_timestamp_seconds", "range=x", 1),
               measured("range_start_timestamp_seconds", "", 1),
               measured("range_start_timestamp_seconds", "range=y", INT64_MAX)};
  const json one = json::parse(pipelines_json(kBegin, {a}, {}))["pipelines"][0];
  for (const json& range : one.at("ranges")) {
    EXPECT_TRUE(range.at("start").is_null());
    EXPECT_TRUE(range.at("name") == "x" || range.at("name") == "y");
  }
  EXPECT_TRUE(one.at("lag_seconds").is_null());
  EXPECT_TRUE(one.at("watermark").is_null());
  EXPECT_TRUE(one.at("progress").is_null());
}

}  // namespace
}  // namespace host::status
