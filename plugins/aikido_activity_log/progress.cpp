#include "plugins/aikido_activity_log/progress.hpp"

#include <algorithm>

namespace aikido {
namespace {

constexpr int32_t kWholeProgress = 10'000;

bool is_earlier(const PageRecord& left, const PageRecord& right) {
  return left.event_time_ns < right.event_time_ns;
}

}  // namespace

int64_t read_of_window(const Sweep& sweep, const Page& page) {
  const std::vector<PageRecord>& records = page.records;
  if (records.empty()) return 0;
  const int64_t last_s = floor_seconds(records.back().event_time_ns);
  // No page ends the window, for its end may still have to be looked for.
  const int64_t most_s = sweep.to_s - sweep.from_s - 1;
  const int64_t at_s = std::clamp(last_s - sweep.from_s, int64_t{0}, most_s);
  const bool rises = is_earlier(records.front(), records.back());
  if (rises && std::is_sorted(records.begin(), records.end(), is_earlier)) return at_s;
  const bool falls = is_earlier(records.back(), records.front());
  if (falls && std::is_sorted(records.rbegin(), records.rend(), is_earlier)) return most_s - at_s;
  return 0;
}

int32_t backfill_progress(const CheckpointData& data, int64_t window_read_s) {
  const int64_t from_s = floor_seconds(data.origin_ns);
  if (from_s >= data.split_s) return CONNECTOR_PROGRESS_UNKNOWN;
  double done = static_cast<double>(data.backfill_s - from_s);
  if (data.sweep(SweepKind::kBackfill)) done += static_cast<double>(window_read_s);
  // A checkpoint that somebody made up may stand anywhere.
  done = std::clamp(done / static_cast<double>(data.split_s - from_s), 0.0, 1.0);
  return static_cast<int32_t>(kWholeProgress * done);
}

int64_t settled_before(const CheckpointData& data, int64_t window_s) {
  if (data.backfill_open()) return data.backfill_s;
  const int64_t opened_s = floor_seconds(data.late_opened_ns);
  // Before the split nothing more is expected, wherever the window reaches.
  return std::max(std::min(data.settled_s, opened_s - window_s), std::min(data.split_s, opened_s));
}

}  // namespace aikido
