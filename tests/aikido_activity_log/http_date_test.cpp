#include "plugins/aikido_activity_log/http_date.hpp"

#include <gtest/gtest.h>

namespace aikido {
namespace {

constexpr int64_t kMoment = 784'111'777;  // Sun, 06 Nov 1994 08:49:37 GMT

TEST(HttpDate, AllThreeForms) {
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), kMoment);
  EXPECT_EQ(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT"), kMoment);
  EXPECT_EQ(parse_http_date("Sun Nov  6 08:49:37 1994"), kMoment);
  EXPECT_EQ(parse_http_date("  Sun, 06 Nov 1994 08:49:37 GMT "), kMoment);
}

TEST(HttpDate, GarbageIsNone) {
  for (const char* text :
       {"", " ", "soon", "20240101", "Sun, 06 Nov 1994", "12:00", "1994-11-06T08:49:37+00:00",
        "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 06 Nov 9994 08:49:37 GMT",
        "Sun, 06 Nov 1964 08:49:37 GMT", "aaaaaaaaaaaa:aaaaaaaaaaaaaaaa"})
    EXPECT_EQ(parse_http_date(text), std::nullopt) << text;
  EXPECT_EQ(parse_http_date(std::string(100'000, ':')), std::nullopt);
}

TEST(RetryAfter, SecondsUpToAnHour) {
  EXPECT_EQ(parse_retry_after("0", kMoment), 0);
  EXPECT_EQ(parse_retry_after(" 17 ", kMoment), 17);
  EXPECT_EQ(parse_retry_after("3601", kMoment), 3600);
  EXPECT_EQ(parse_retry_after("99999999999999999999999", kMoment), 3600);
}

TEST(RetryAfter, ADateCountsFromTheServersNow) {
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:50:37 GMT", kMoment), 60);
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:48:37 GMT", kMoment), 0);
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 18:48:37 GMT", kMoment), 3600);
}

TEST(RetryAfter, GarbageIsNone) {
  for (const char* text : {"", "-5", "1.5", "5s", "0x10", "later", "+5"})
    EXPECT_EQ(parse_retry_after(text, kMoment), std::nullopt) << text;
}

}  // namespace
}  // namespace aikido
