#include "plugins/aikido_activity_log/record_time.hpp"

#include <date/date.h>

#include <charconv>
#include <chrono>

#include "plugins/aikido_activity_log/page.hpp"

namespace aikido {
namespace {

constexpr int64_t kUnknown = CONNECTOR_TIME_UNKNOWN;
constexpr int64_t kLatestSecond = INT64_MAX / kNsPerSecond - 1;
constexpr int kFractionDigits = 9;

// Reads an ISO 8601 text from the left. Once anything is amiss it stays amiss.
class Digits {
 public:
  explicit Digits(std::string_view text) : at_(text.data()), end_(at_ + text.size()) {}

  bool ok() const { return ok_; }
  bool done() const { return at_ == end_; }
  char peek() const { return at_ < end_ ? *at_ : '\0'; }
  bool next_is(char c) { return peek() == c && (++at_, true); }
  void expect(char c) { ok_ &= next_is(c); }

  unsigned number(int digits, unsigned most) {
    unsigned value = 0;
    for (int i = 0; i < digits; ++i) value = value * 10 + digit();
    ok_ &= value <= most;
    return value;
  }

  // Nanoseconds; digits beyond the ninth are dropped.
  int64_t fraction() {
    int64_t value = 0;
    int count = 0;
    for (; peek() >= '0' && peek() <= '9'; ++count) {
      const unsigned next = digit();
      if (count < kFractionDigits) value = value * 10 + next;
    }
    ok_ &= count > 0;
    for (; count < kFractionDigits; ++count) value *= 10;
    return value;
  }

 private:
  unsigned digit() {
    const unsigned value = static_cast<unsigned char>(peek()) - unsigned{'0'};
    ok_ &= value <= 9;
    if (at_ < end_) ++at_;
    return value <= 9 ? value : 0;
  }

  const char* at_;
  const char* end_;
  bool ok_ = true;
};

int64_t read_day(Digits& in) {
  const unsigned year = in.number(4, 9999);
  in.expect('-');
  const unsigned month = in.number(2, 12);
  in.expect('-');
  const unsigned day = in.number(2, 31);
  const auto date = date::year{static_cast<int>(year)} / date::month{month} / date::day{day};
  if (!in.ok() || !date.ok()) return kUnknown;
  return date::sys_days{date}.time_since_epoch().count();
}

// Seconds of the day; a leap second counts as the one that follows.
int64_t read_time_of_day(Digits& in) {
  const int64_t hours = in.number(2, 23);
  in.expect(':');
  const int64_t minutes = in.number(2, 59);
  in.expect(':');
  return (hours * 60 + minutes) * 60 + in.number(2, 60);
}

// Seconds east of Greenwich: Z, +hh:mm, +hhmm or +hh.
int64_t read_zone(Digits& in) {
  if (in.next_is('Z') || in.next_is('z')) return 0;
  const bool west = in.next_is('-');
  if (!west) in.expect('+');
  int64_t seconds = int64_t{3600} * in.number(2, 23);
  if (in.done()) return west ? -seconds : seconds;
  in.next_is(':');
  seconds += int64_t{60} * in.number(2, 59);
  return west ? -seconds : seconds;
}

int64_t from_seconds(int64_t seconds, int64_t ns) {
  if (seconds <= 0 || seconds > kLatestSecond) return kUnknown;
  return seconds * kNsPerSecond + ns;
}

int64_t parse_iso(std::string_view text) {
  Digits in(text);
  const int64_t day = read_day(in);
  if (!in.next_is('T') && !in.next_is('t')) in.expect(' ');
  const int64_t second = read_time_of_day(in);
  const int64_t ns = in.next_is('.') || in.next_is(',') ? in.fraction() : 0;
  const int64_t zone = read_zone(in);
  if (!in.ok() || !in.done() || day == kUnknown) return kUnknown;
  return from_seconds(day * 86'400 + second - zone, ns);
}

}  // namespace

int64_t parse_record_time(std::string_view token) {
  if (token.size() > 2 && token.front() == '"') return parse_iso(token.substr(1, token.size() - 2));
  int64_t seconds = 0;
  const auto parsed = std::from_chars(token.data(), token.data() + token.size(), seconds);
  if (parsed.ec != std::errc() || parsed.ptr != token.data() + token.size()) return kUnknown;
  return from_seconds(seconds, 0);
}

std::string time_text(int64_t time_ns) {
  return date::format("%FT%TZ", date::sys_seconds(std::chrono::seconds(time_ns / kNsPerSecond)));
}

}  // namespace aikido
