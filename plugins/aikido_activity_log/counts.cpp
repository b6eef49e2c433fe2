#include "plugins/aikido_activity_log/counts.hpp"

#include <algorithm>
#include <string>

namespace aikido {

void Counts::cadence(int64_t poll_interval_ns) const {
  host_.gauge("poll_interval_seconds", {}, poll_interval_ns / kNsPerSecond);
  host_.gauge("records_per_request", {}, kRecordsPerPage);
  host_.count("rate_limited_total", {}, 0);  // there to be watched before it happens
}

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

void Counts::position(const Position& at, int64_t late_check_interval_ns) const {
  const auto range = [this](std::string_view label, int64_t start_s, int64_t done_s) {
    host_.gauge("range_start_timestamp_seconds", label, start_s);
    host_.gauge("range_done_timestamp_seconds", label, done_s);
  };
  if (at.origin_s < at.split_s) {
    range("range=backfill", at.origin_s, at.backfill_s);
    host_.gauge("range_end_timestamp_seconds", "range=backfill", at.split_s);
  }
  range("range=live", at.split_s, at.live_s);
  if (at.late_s) host_.gauge("late_sweep_timestamp_seconds", {}, *at.late_s);
  host_.gauge("remembered_ids", {}, at.remembered_ids);
  host_.gauge("late_check_interval_seconds", {}, late_check_interval_ns / kNsPerSecond);
}

}  // namespace aikido
