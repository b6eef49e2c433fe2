// How single settings are written: durations, points in time, host roots. Each parser's error text
// says what is wrong and what to write instead, without naming the setting.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "plugins/aikido_activity_log/page.hpp"

namespace aikido {

// "60s", "90m", "24h" or "1d" in nanoseconds; up to 100 years.
Result<int64_t> parse_duration(std::string_view text);

// Absolute: nanoseconds since 1970. Relative: the positive span before now.
struct BackfillStart {
  bool relative = false;
  int64_t ns = 0;
};

// ISO 8601 (a date; or date and time with Z or an offset, fractions allowed), or "-24h". Years 1970
// to 2199.
Result<BackfillStart> parse_backfill_start(std::string_view text);

// Scheme, host and port of a URL without path, query or user, in canonical form: lower case,
// without the default port or a slash at the end. Plain http to loopback alone.
Result<std::string> parse_host_root(std::string_view text);

// Decimal digits without leading zeros, from 1 to 2^63 - 1: Aikido's ids are integers.
Result<std::string> parse_id(std::string_view text);

}  // namespace aikido
