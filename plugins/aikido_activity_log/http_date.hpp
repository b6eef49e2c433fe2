// Times in HTTP headers: the Date of an answer, and Retry-After in either of its forms. Garbage is
// none. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace aikido {

constexpr int64_t kLongestRetryAfterS = 3600;

// Unix seconds of an HTTP date (RFC 9110, 5.6.7: all three forms), within the years 1970 to 2199.
std::optional<int64_t> parse_http_date(std::string_view text);

// Seconds to wait, 0 to an hour. `now_s` is the server's time, for the form that is a date.
std::optional<int64_t> parse_retry_after(std::string_view text, int64_t now_s);

}  // namespace aikido
