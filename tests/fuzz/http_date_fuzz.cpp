// The times of HTTP headers: within their bounds, the same through each form that a server may
// write, and blind to the space around them.
#include <date/date.h>
#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>

#include "plugins/aikido_activity_log/http_date.hpp"
#include "tests/fuzz/law.hpp"

namespace {

using fuzz::law;

constexpr int64_t kYear2200 = 7'258'118'400;

std::string trimmed(const std::string& text) {
  const size_t first = std::min(text.find_first_not_of(" \t"), text.size());
  return text.substr(first, text.find_last_not_of(" \t") + 1 - first);
}

std::string written(const char* format, int64_t moment_s) {
  return date::format(format, date::sys_seconds(std::chrono::seconds(moment_s)));
}

void check_forms(int64_t moment_s) {
  const std::string usual = written("%a, %d %b %Y %T GMT", moment_s);
  law(aikido::parse_http_date(usual) == moment_s, "the usual form is read exactly");
  law(aikido::parse_http_date(written("%a %b %e %T %Y", moment_s)) == moment_s,
      "the form of asctime is read exactly");
}

void check_retry_after(const std::string& text, int64_t now_s) {
  const std::optional<int64_t> wait = aikido::parse_retry_after(text, now_s);
  if (wait) law(*wait >= 0 && *wait <= aikido::kLongestRetryAfterS, "a wait is 0 to an hour");
  law(wait == aikido::parse_retry_after(" \t" + text + " ", now_s), "space around counts for none");
  const bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  if (digits) law(wait.has_value(), "digits are a wait");
  if (digits && text.size() < 10)
    law(*wait == std::min<int64_t>(std::stoll(text), aikido::kLongestRetryAfterS),
        "digits are seconds");
  const std::optional<int64_t> date = aikido::parse_http_date(text);
  if (date)
    law(wait == std::clamp<int64_t>(*date - now_s, 0, aikido::kLongestRetryAfterS),
        "a date counts from now");
  if (!digits && !date) law(!wait.has_value(), "anything else is none");
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FuzzedDataProvider in(data, size);
  const auto now_s = in.ConsumeIntegralInRange<int64_t>(0, kYear2200 - 1);
  const std::string text = trimmed(in.ConsumeRemainingBytesAsString());
  const std::optional<int64_t> date = aikido::parse_http_date(text);
  if (date) law(*date >= 0 && *date < kYear2200, "a date lies within 1970 to 2199");
  law(date == aikido::parse_http_date("\t " + text + " "), "space around counts for none");
  check_forms(date.value_or(now_s));
  check_retry_after(text, now_s);
  return 0;
}
