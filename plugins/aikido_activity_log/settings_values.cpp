#include "plugins/aikido_activity_log/settings_values.hpp"

#include <arpa/inet.h>
#include <date/date.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <regex>
#include <sstream>

#include "plugins/aikido_activity_log/curl_texts.hpp"

namespace aikido {
namespace {

constexpr int64_t kLongestSeconds = 36'525 * kSecondsPerDay;
constexpr const char* kStartRemedy =
    "write 2024-01-15, 2024-01-15T09:30:00Z, 2024-01-15T09:30:00+02:00 or a span such as -24h";

Error mistake(std::string text) { return {Status::kConfig, std::move(text)}; }

bool all_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

int64_t unit_seconds(char unit) {
  switch (unit) {
    case 's':
      return 1;
    case 'm':
      return 60;
    case 'h':
      return 3600;
    case 'd':
      return kSecondsPerDay;
    default:
      return 0;
  }
}

template <class Time>
bool parse_whole(const std::string& text, const char* format, Time& time) {
  std::istringstream in(text);
  in.imbue(std::locale::classic());
  in >> date::parse(format, time);
  return !in.fail() && in.peek() == std::istringstream::traits_type::eof();
}

// Nanoseconds reach from 1678 to 2261 alone, and the library wraps beyond them.
bool year_in_range(std::string_view text) {
  if (text.size() < 5 || text[4] != '-' || !all_digits(text.substr(0, 4))) return false;
  return text.substr(0, 4) >= "1970" && text.substr(0, 4) < "2200";
}

// The library reads more than ISO 8601, and not all of it soundly.
bool is_iso_8601(std::string_view text) {
  static const std::regex form(R"(\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d))?)");
  return text.size() < 40 && std::regex_match(text.begin(), text.end(), form);
}

bool is_loopback(const std::string& host) {
  if (host == "localhost") return true;
  std::array<unsigned char, 4> v4{};
  if (inet_pton(AF_INET, host.c_str(), v4.data()) == 1) return v4[0] == 127;
  return host == "[::1]";
}

bool has_more_than_a_root(const UrlParts& url) {
  return url.get(CURLUPART_PATH) != "/" || !url.get(CURLUPART_QUERY).empty() ||
         !url.get(CURLUPART_FRAGMENT).empty() || !url.get(CURLUPART_USER).empty() ||
         !url.get(CURLUPART_PASSWORD).empty();
}

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

}  // namespace

Result<int64_t> parse_duration(std::string_view text) {
  const auto wrong = [] {
    return mistake("is not a duration; write a whole number and a unit: 60s, 90m, 24h or 1d");
  };
  if (text.empty()) return wrong();
  const int64_t unit = unit_seconds(text.back());
  const std::string_view digits = text.substr(0, text.size() - 1);
  if (unit == 0 || !all_digits(digits)) return wrong();
  int64_t count = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), count);
  if (parsed.ec != std::errc() || count > kLongestSeconds / unit)
    return mistake("is longer than 100 years; write a shorter duration");
  return count * unit * kNsPerSecond;
}

Result<BackfillStart> parse_backfill_start(std::string_view text) {
  if (text.starts_with('-')) {
    const Result<int64_t> span = parse_duration(text.substr(1));
    if (!span) return mistake(std::string("is not a span before now; ") + kStartRemedy);
    return BackfillStart{true, *span};
  }
  const std::string whole(text);
  date::sys_days day;
  date::sys_time<std::chrono::nanoseconds> time;
  if (!year_in_range(text)) return mistake(std::string("is not a time; ") + kStartRemedy);
  if (!is_iso_8601(text))
    return mistake(std::string("is not a time with its zone; ") + kStartRemedy);
  if (parse_whole(whole, "%F", day))
    time = day;
  else if (!parse_whole(whole, "%FT%TZ", time) && !parse_whole(whole, "%FT%T%Ez", time))
    return mistake(std::string("is not a time with its zone; ") + kStartRemedy);
  return BackfillStart{false, time.time_since_epoch().count()};
}

Result<std::string> parse_host_root(std::string_view text) {
  constexpr const char* kRemedy = "write the host's root alone, such as https://app.aikido.dev";
  const UrlParts url{std::string(text)};
  const auto is_plain = [](std::string_view part) {
    return std::all_of(part.begin(), part.end(), [](char c) { return c > ' ' && c < 0x7F; });
  };
  const std::string host = lower(url.get(CURLUPART_HOST));
  // A host may come out of escapes, such as %ff.
  if (!is_plain(text) || !url.valid() || !is_plain(host))
    return mistake(std::string("is not a URL; ") + kRemedy);
  const std::string scheme = lower(url.get(CURLUPART_SCHEME));
  if (scheme != "https" && scheme != "http")
    return mistake(std::string("is neither https nor http; ") + kRemedy);
  if (has_more_than_a_root(url)) return mistake(std::string("has more than a host; ") + kRemedy);
  if (scheme == "http" && !is_loopback(host))
    return mistake(
        "would send the secret unencrypted; write https:// (http:// is for "
        "127.0.0.0/8, [::1] and localhost alone)");
  const std::string port = url.get(CURLUPART_PORT);
  const bool default_port = port.empty() || port == (scheme == "https" ? "443" : "80");
  return scheme + "://" + host + (default_port ? "" : ":" + port);
}

Result<std::string> parse_id(std::string_view text) {
  const size_t first = std::min(text.find_first_not_of('0'), text.size());
  const std::string_view digits = text.substr(first);
  int64_t value = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (!all_digits(digits) || parsed.ec != std::errc())
    return mistake("is not an id of Aikido's; write its digits, such as 123");
  return std::string(digits);
}

}  // namespace aikido
