#include "plugins/aikido_activity_log/counts.hpp"

#include <gtest/gtest.h>

#include "tests/aikido_activity_log/host_double.hpp"

namespace aikido {
namespace {

using Gauges = std::map<std::string, int64_t>;

TEST(Counts, ThePositionIsTheRangesAndTheLastLateSweep) {
  HostDouble host;
  Counts(host.host()).position({100, 250, 1000, 2000, 1900, 7}, 600 * kSecondNs);
  EXPECT_EQ(host.gauges, (Gauges{{"range_start_timestamp_seconds{range=backfill}", 100},
                                 {"range_done_timestamp_seconds{range=backfill}", 250},
                                 {"range_end_timestamp_seconds{range=backfill}", 1000},
                                 {"range_start_timestamp_seconds{range=live}", 1000},
                                 {"range_done_timestamp_seconds{range=live}", 2000},
                                 {"late_sweep_timestamp_seconds{}", 1900},
                                 {"remembered_ids{}", 7},
                                 {"late_check_interval_seconds{}", 600}}));
}

TEST(Counts, WithoutABackfillThereIsTheLiveRangeAlone) {
  HostDouble host;
  Counts(host.host()).position({1000, 1000, 1000, 2000, 1900, 0}, 600 * kSecondNs);
  EXPECT_EQ(host.gauges.count("range_start_timestamp_seconds{range=backfill}"), 0u);
  EXPECT_EQ(host.gauges.at("range_done_timestamp_seconds{range=live}"), 2000);
}

TEST(Counts, TheCadenceIsWhatAHostEstimatesFrom) {
  HostDouble host;
  Counts(host.host()).cadence(60 * kSecondNs);
  EXPECT_EQ(host.gauges, (Gauges{{"poll_interval_seconds{}", 60}, {"records_per_request{}", 50}}));
  EXPECT_EQ(host.counters.at("rate_limited_total{}"), 0) << "there before the first";
}

TEST(Counts, TheGreatestLatenessStays) {
  HostDouble host;
  Counts counts(host.host());
  counts.accepted({{}, 0, 3, 90 * kSecondNs});
  counts.accepted({{}, 0, 1, 5 * kSecondNs});
  EXPECT_EQ(host.counters.at("late_records_total{}"), 4);
  EXPECT_EQ(host.gauges.at("greatest_lateness_seconds{}"), 90);
}

}  // namespace
}  // namespace aikido
