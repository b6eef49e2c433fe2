#include "plugins/aikido_activity_log/record_time.hpp"

#include <date/date.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "plugin_api/connector_plugin.hpp"
#include "plugins/aikido_activity_log/page.hpp"

namespace aikido {
namespace {

constexpr int64_t kNov15 = 1'731'681'045;  // 2024-11-15T14:30:45Z

TEST(RecordTime, UnixSecondsAndIso8601WithItsZone) {
  for (const char* token :
       {"1731681045", "\"2024-11-15T14:30:45Z\"", "\"2024-11-15 14:30:45z\"",
        "\"2024-11-15T16:30:45+02:00\"", "\"2024-11-15T16:30:45+0200\"",
        "\"2024-11-15T16:30:45+02\"", "\"2024-11-15T09:00:45-05:30\"", "\"2024-11-15t14:30:45Z\""})
    EXPECT_EQ(parse_record_time(token), kNov15 * kNsPerSecond) << token;
}

TEST(RecordTime, FractionsCountToTheNanosecond) {
  EXPECT_EQ(parse_record_time("\"2024-11-15T14:30:45.5Z\""), kNov15 * kNsPerSecond + 500'000'000);
  EXPECT_EQ(parse_record_time("\"2024-11-15T14:30:45.123456789123Z\""),
            kNov15 * kNsPerSecond + 123'456'789);
}

TEST(RecordTime, AnythingElseIsUnknown) {
  for (const char* token : {"",
                            "null",
                            "true",
                            "0",
                            "-5",
                            "1731681045.5",
                            "1e9",
                            "\"\"",
                            "\"1731681045\"",
                            "99999999999999999999",
                            "9300000000",
                            "\"2024-11-15\"",
                            "\"2024-11-15T14:30:45\"",
                            "\"2024-13-15T14:30:45Z\"",
                            "\"2023-02-29T14:30:45Z\"",
                            "\"2024-11-15T24:30:45Z\"",
                            "\"2024-11-15T14:60:45Z\"",
                            "\"2024-11-15T14:30:61Z\"",
                            "\"2024-11-15T14:30:45.Z\"",
                            "\"2024-11-15T14:30:45Zx\"",
                            "\"2024-11-15T14:30:45+2:00\"",
                            "\"1970-01-01T00:00:00Z\"",
                            "\"\\u0032024-11-15T14:30:45Z\"",
                            "\"2262-12-01T00:00:00Z\"",
                            "[1]",
                            "\""})
    EXPECT_EQ(parse_record_time(token), CONNECTOR_TIME_UNKNOWN) << token;
}

RC_GTEST_PROP(RecordTimeProperty, ReadsWhatTheCalendarWrites, ()) {
  const auto seconds = *rc::gen::inRange<int64_t>(1, 7'258'118'400);
  const date::sys_seconds time{std::chrono::seconds(seconds)};
  RC_ASSERT(parse_record_time('"' + date::format("%FT%TZ", time) + '"') == seconds * kNsPerSecond);
  RC_ASSERT(parse_record_time(std::to_string(seconds)) == seconds * kNsPerSecond);
}

}  // namespace
}  // namespace aikido
