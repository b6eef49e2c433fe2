#include "plugins/aikido_activity_log/counts.hpp"

#include <algorithm>
#include <string>

namespace aikido {

void Counts::request(std::string_view kind, const Error* error, const Exchange& exchange) const {
  const std::string labels = std::string("kind=")
                                 .append(kind)
                                 .append(",outcome=")
                                 .append(name_of(error ? error->status : Status::kOk));
  host_.count("requests_total", labels, 1);
  host_.count("bytes_total", {}, static_cast<int64_t>(exchange.body_bytes));
  if (error && error->http_status == 429) host_.count("rate_limited_total", {}, 1);
}

void Counts::accepted(const Accepted& accepted) {
  greatest_lateness_ns_ = std::max(greatest_lateness_ns_, accepted.greatest_lateness_ns);
  host_.count("repeats_dropped_total", {}, accepted.repeats);
  host_.count("late_records_total", {}, accepted.late);
  host_.gauge("greatest_lateness_seconds", {}, greatest_lateness_ns_ / kNsPerSecond);
}

void Counts::lag(int64_t server_now_ns, int64_t watermark_ns) const {
  if (watermark_ns == CONNECTOR_TIME_UNKNOWN) return;
  host_.gauge("lag_seconds", {}, std::max<int64_t>(server_now_ns - watermark_ns, 0) / kNsPerSecond);
}

}  // namespace aikido
