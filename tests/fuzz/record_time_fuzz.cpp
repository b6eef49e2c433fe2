// The time of a record, from its token: a library reads back what was read, and a text that the
// library writes is read exactly.
#include <date/date.h>
#include <fuzzer/FuzzedDataProvider.h>

#include "plugins/aikido_activity_log/page.hpp"
#include "plugins/aikido_activity_log/record_time.hpp"
#include "tests/fuzz/law.hpp"

namespace {

using aikido::parse_record_time;
using fuzz::law;

constexpr int64_t kMost = 9'223'372'035'999'999'999;  // what seconds below the last ones reach

std::string written(int64_t ns) {
  const auto time = date::sys_time<std::chrono::nanoseconds>(std::chrono::nanoseconds(ns));
  return '"' + date::format("%FT%TZ", time) + '"';
}

void check_digits(const std::string& token, int64_t ns) {
  const bool digits = !token.empty() && token.find_first_not_of("0123456789") == std::string::npos;
  if (!digits || token.size() > 18) return;
  const int64_t seconds = std::stoll(token);
  const bool in_range = seconds > 0 && seconds < kMost / aikido::kNsPerSecond;
  if (in_range) law(ns == seconds * aikido::kNsPerSecond, "digits are Unix seconds");
  if (seconds == 0) law(ns == CONNECTOR_TIME_UNKNOWN, "0 is no time");
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FuzzedDataProvider in(data, size);
  const auto moment_ns = in.ConsumeIntegralInRange<int64_t>(aikido::kNsPerSecond, kMost);
  law(parse_record_time(written(moment_ns)) == moment_ns, "ISO 8601 is read to the nanosecond");
  const std::string token = in.ConsumeRemainingBytesAsString();
  for (const std::string& each : {token, '"' + token + '"'}) {
    const int64_t ns = parse_record_time(each);
    law(ns == CONNECTOR_TIME_UNKNOWN || ns >= aikido::kNsPerSecond, "a time is after 1970 begins");
    if (ns != CONNECTOR_TIME_UNKNOWN)
      law(parse_record_time(written(ns)) == ns, "a time that was read is written and read again");
  }
  check_digits(token, parse_record_time(token));
  return 0;
}
