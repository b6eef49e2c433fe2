#include "host_sim/wording.hpp"

#include <date/date.h>

#include <algorithm>
#include <chrono>

#include "host_sim/clock.hpp"

namespace host {
namespace {

std::string two_units(int64_t count, int64_t per_greater, const char* greater, const char* lesser) {
  const std::string text = std::to_string(count / per_greater) + " " + greater;
  const int64_t rest = count % per_greater;
  return rest == 0 ? text : text + " " + std::to_string(rest) + " " + lesser;
}

}  // namespace

std::string counted(int64_t count, std::string_view noun) {
  return std::to_string(count).append(" ").append(noun).append(count == 1 ? "" : "s");
}

std::string duration_text(int64_t ns) {
  constexpr int64_t kMinute = 60, kHour = 60 * kMinute, kDay = 24 * kHour;
  const int64_t seconds = std::max<int64_t>(ns, 0) / kNsPerSecond;
  if (seconds < 2 * kMinute) return std::to_string(seconds) + " s";
  if (seconds < 2 * kHour) return two_units(seconds, kMinute, "min", "s");
  if (seconds < 2 * kDay) return two_units(seconds / kMinute, 60, "h", "min");
  return two_units(seconds / kHour, 24, "d", "h");
}

std::string next_try_text(int64_t wait_ns) {
  if (wait_ns < kNsPerSecond) return "trying again at once";
  return "trying again in " + duration_text(wait_ns);
}

std::string time_text(int64_t ns) {
  const date::sys_time<std::chrono::nanoseconds> time{std::chrono::nanoseconds(ns)};
  return date::format("%FT%TZ", date::floor<std::chrono::seconds>(time));
}

}  // namespace host
