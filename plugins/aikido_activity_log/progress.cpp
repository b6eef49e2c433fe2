#include "plugins/aikido_activity_log/progress.hpp"

#include <algorithm>

namespace aikido {
namespace {

constexpr int32_t kWholeProgress = 10'000;
constexpr double kAlmost = 0.99;

// How much of a window is done, by its pages read over those expected. Those are a guess from the
// window before and may be far too few: every page should show, and none can end the window.
double share_of(double pages) { return pages <= 0.8 ? pages : 1 - 0.16 / pages; }

}  // namespace

int32_t backfill_progress(const CheckpointData& data) {
  const int64_t from_s = floor_seconds(data.origin_ns);
  if (from_s >= data.split_s) return CONNECTOR_PROGRESS_UNKNOWN;
  double done = static_cast<double>(data.backfill_s - from_s);
  if (const std::optional<Sweep>& open = data.sweep(SweepKind::kBackfill)) {
    const double pages = static_cast<double>(std::max<int64_t>(1, data.backfill_pages));
    const double read = share_of(static_cast<double>(open->page) / pages);
    const double share = open->pass > 1 ? kAlmost : std::min(read, kAlmost);
    const bool known = data.backfill_pages > 0 || open->pass > 1;
    done += known ? share * static_cast<double>(open->to_s - open->from_s) : 0;
  }
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
