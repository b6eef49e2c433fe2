#include "plugins/aikido_activity_log/http_date.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <string>

namespace aikido {
namespace {

// "Sun Nov  6 08:49:37 1994" is the shortest; libcurl would take fragments of a date, too.
constexpr size_t kShortestDate = 24;
constexpr size_t kLongestDate = 40;
constexpr int64_t kYear2200 = 7'258'118'400;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::optional<int64_t> parse_http_date(std::string_view text) {
  text = trim(text);
  if (text.size() < kShortestDate || text.size() > kLongestDate || is_digit(text.front()))
    return std::nullopt;
  if (text.find(':') == std::string_view::npos) return std::nullopt;
  const int64_t seconds = curl_getdate(std::string(text).c_str(), nullptr);
  if (seconds < 0 || seconds >= kYear2200) return std::nullopt;
  return seconds;
}

std::optional<int64_t> parse_retry_after(std::string_view text, int64_t now_s) {
  text = trim(text);
  if (!text.empty() && std::all_of(text.begin(), text.end(), is_digit)) {
    int64_t seconds = kLongestRetryAfterS;  // also where the number has too many digits
    std::from_chars(text.data(), text.data() + text.size(), seconds);
    return std::min(seconds, kLongestRetryAfterS);
  }
  const std::optional<int64_t> date = parse_http_date(text);
  if (!date) return std::nullopt;
  return std::clamp<int64_t>(*date - now_s, 0, kLongestRetryAfterS);
}

}  // namespace aikido
