#include "host_sim/status/metrics_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host_sim/clock.hpp"
#include "plugin_api/connector_plugin.h"
#include "tests/host_sim/status/snapshots.hpp"

namespace host::status {
namespace {

using test::counted;
using test::measured;
using test::snapshot;
using testing::HasSubstr;
using testing::Not;

// How often `text` begins a line.
size_t lines_with(const std::string& text, const std::string& begin) {
  size_t count = 0;
  for (size_t at = text.find("\n" + begin); at != std::string::npos;
       at = text.find("\n" + begin, at + 1))
    ++count;
  return count;
}

TEST(MetricsText, SaysWhatTheHostKnows) {
  PipelineSnapshot a = snapshot("a", PipelineHealth::kErroring, "away");
  a.status.committed = 1234;
  a.status.lag_ns = 90 * kNsPerSecond;
  a.status.watermark_ns = int64_t{1'700'000'000} * kNsPerSecond;
  a.status.progress = 4320;
  a.status.commits = 3;
  a.status.commit_ns = kNsPerSecond / 2;
  a.status.commits_queued = 2;
  a.status.waits[CONNECTOR_WAIT_BACKOFF] = {7, 3 * kNsPerSecond / 2};
  const std::string text = metrics_text({.host = {}, .pipelines = {a}});
  for (const char* line : {"# TYPE connector_pipeline_state gauge\n",
                           "connector_pipeline_state{pipeline=\"a\",state=\"erroring\"} 1\n",
                           "connector_pipeline_state{pipeline=\"a\",state=\"running\"} 0\n",
                           "# TYPE connector_committed_records_total counter\n",
                           "connector_committed_records_total{pipeline=\"a\"} 1234\n",
                           "connector_lag_seconds{pipeline=\"a\"} 90\n",
                           "connector_watermark_timestamp_seconds{pipeline=\"a\"} 1700000000\n",
                           "connector_backfill_progress_ratio{pipeline=\"a\"} 0.432\n",
                           "connector_commit_duration_seconds_sum{pipeline=\"a\"} 0.5\n",
                           "connector_commit_duration_seconds_count{pipeline=\"a\"} 3\n",
                           "connector_commit_queue{pipeline=\"a\"} 2\n",
                           "connector_waits_total{pipeline=\"a\",reason=\"backoff\"} 7\n",
                           "connector_wait_seconds_total{pipeline=\"a\",reason=\"backoff\"} 1.5\n",
                           "connector_waits_total{pipeline=\"a\",reason=\"idle\"} 0\n"})
    EXPECT_THAT(text, HasSubstr(line));
  EXPECT_EQ(lines_with(text, "connector_pipeline_state{"), 6u);
}

TEST(MetricsText, SaysHowTheHostAsAWholeIsDoing) {
  HostFigures host;
  host.schedule_delays.add(kNsPerSecond / 4);
  host.schedule_delays.add(3 * kNsPerSecond);
  host.schedule_delays.add(3600 * kNsPerSecond);
  host.commits = {.groups = 5, .synced_groups = 2, .output_syncs = 7};
  const std::string text = metrics_text({.host = host, .pipelines = {}});
  for (const char* line :
       {"# TYPE connector_schedule_delay_seconds histogram\n",
        "connector_schedule_delay_seconds_bucket{le=\"0.1\"} 0\n",
        "connector_schedule_delay_seconds_bucket{le=\"0.25\"} 1\n",
        "connector_schedule_delay_seconds_bucket{le=\"60\"} 2\n",
        "connector_schedule_delay_seconds_bucket{le=\"+Inf\"} 3\n",
        "connector_schedule_delay_seconds_count 3\n",
        "connector_schedule_delay_seconds_sum 3603.25\n",
        "connector_commit_groups_total{synced=\"yes\"} 2\n",
        "connector_commit_groups_total{synced=\"no\"} 3\n", "connector_output_syncs_total 7\n"})
    EXPECT_THAT(text, HasSubstr(line));
}

TEST(MetricsText, WhatIsUnknownIsNotThere) {
  const std::string text =
      metrics_text({.host = {}, .pipelines = {snapshot("a", PipelineHealth::kPending)}});
  EXPECT_THAT(text, HasSubstr("connector_commit_queue"));
  for (const char* name : {"lag_seconds", "watermark", "backfill"})
    EXPECT_THAT(text, Not(HasSubstr(name)));
}

TEST(MetricsText, SaysWhatThePluginCounts) {
  PipelineSnapshot a = snapshot("a", PipelineHealth::kRunning);
  PipelineSnapshot b = snapshot("b", PipelineHealth::kRunning);
  a.metrics = {counted("requests_total", "kind=late,outcome=ok", 5),
               counted("late_records_total", "", 3), measured("greatest_lateness_seconds", "", 61)};
  b.metrics = {counted("requests_total", "kind=late,outcome=ok", 6)};
  const std::string text = metrics_text({.host = {}, .pipelines = {a, b}});
  EXPECT_THAT(
      text, HasSubstr("# TYPE connector_requests_total counter\n"
                      "connector_requests_total{kind=\"late\",outcome=\"ok\",pipeline=\"a\"} 5\n"
                      "connector_requests_total{kind=\"late\",outcome=\"ok\",pipeline=\"b\"} 6\n"));
  EXPECT_THAT(text, HasSubstr("connector_late_records_total{pipeline=\"a\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE connector_greatest_lateness_seconds gauge\n"));
}

// Its own of an error would be the old one, for a plugin says nothing while it fails.
TEST(MetricsText, TheHostsOwnIsNotReplacedByThePlugins) {
  PipelineSnapshot a = snapshot("a", PipelineHealth::kErroring);
  a.status.lag_ns = 500 * kNsPerSecond;
  a.metrics = {measured("lag_seconds", "", 2), counted("commit_duration_seconds_sum", "", 9),
               counted("pipeline_state", "state=running", 1)};
  const std::string text = metrics_text({.host = {}, .pipelines = {a}});
  EXPECT_EQ(lines_with(text, "connector_lag_seconds{"), 1u);
  EXPECT_THAT(text, HasSubstr("connector_lag_seconds{pipeline=\"a\"} 500\n"));
  EXPECT_EQ(lines_with(text, "connector_commit_duration_seconds_sum{"), 1u);
  EXPECT_EQ(lines_with(text, "connector_pipeline_state{"), 6u);
}

TEST(MetricsText, StrangeNamesAreMadeFitAndNothingIsSaidTwice) {
  PipelineSnapshot a = snapshot("a \"quoted\\\"", PipelineHealth::kRunning);
  a.metrics = {counted("sp ace-total", "k:ey=v\"al,=x,none,__name__=evil,pipeline=other", 1),
               counted("sp-ace total", "k:ey=v\"al", 2), counted("9lives", "", 3),
               measured("9lives", "a=b", 4)};
  const std::string text = metrics_text({.host = {}, .pipelines = {a}});
  EXPECT_THAT(text, HasSubstr("connector_sp_ace_total{k_ey=\"v\\\"al\","
                              "pipeline=\"a \\\"quoted\\\\\\\"\"} 2\n"));
  EXPECT_EQ(lines_with(text, "connector_sp_ace_total{"), 1u);
  EXPECT_EQ(lines_with(text, "# TYPE connector__lives"), 1u);
  EXPECT_THAT(text, HasSubstr("connector__lives{a=\"b\",pipeline="));
  EXPECT_THAT(text, Not(HasSubstr("evil")));
}

}  // namespace
}  // namespace host::status
