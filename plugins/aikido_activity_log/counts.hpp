// What the input counts for the host's metrics; the host counts the records. One thread.
//   requests_total{kind,outcome}  kind token, fresh, late or backfill; outcome ok or the error's
//                                 class
//   rate_limited_total            429s among them
//   bytes_total                   of answers, inflated
//   repeats_dropped_total         shown again after they were delivered
//   late_records_total            surfaced behind what had been read up to their time
//   greatest_lateness_seconds     of them, in this run
//   lag_seconds                   from the watermark to now
//   range_start_timestamp_seconds, range_done_timestamp_seconds, range_end_timestamp_seconds
//     {range}                     backfill, where there is one: what it reads, and how far it is;
//                                 live: from where new records are read, and to where so far
//   late_sweep_timestamp_seconds  when the last look for late records began that is complete
//   remembered_ids                of records that were delivered and may be shown again
//   late_check_interval_seconds   as it is set
//   poll_interval_seconds         as it is set
//   records_per_request           the most that one brings
#pragma once

#include <cstdint>
#include <string_view>

#include "plugins/aikido_activity_log/api.hpp"
#include "plugins/aikido_activity_log/collector.hpp"

namespace aikido {

class Counts {
 public:
  explicit Counts(connector::Host host) : host_(host) {}

  // Before the first request.
  void cadence(int64_t poll_interval_ns) const;
  // `error` is null for a request that brought what was asked for.
  void request(std::string_view kind, const Error* error, const Exchange& exchange) const;
  void accepted(const Accepted& accepted);
  void lag(int64_t server_now_ns, int64_t watermark_ns) const;
  void position(const Position& position, int64_t late_check_interval_ns) const;

 private:
  connector::Host host_;
  int64_t greatest_lateness_ns_ = 0;
};

}  // namespace aikido
