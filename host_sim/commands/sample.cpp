#include "host_sim/commands/sample.hpp"

#include <algorithm>

#include "host_sim/clock.hpp"

namespace host::commands {
namespace {

double seconds_of(int64_t ns) { return static_cast<double>(ns) / kNsPerSecond; }

size_t count_within(const std::vector<SeenRecord>& sorted, double from_s, double end_s) {
  const auto before = [](const SeenRecord& record, double s) {
    return seconds_of(record.time_ns) < s;
  };
  const auto behind = [](double s, const SeenRecord& record) {
    return s < seconds_of(record.time_ns);
  };
  const auto first = std::lower_bound(sorted.begin(), sorted.end(), from_s, before);
  return static_cast<size_t>(std::upper_bound(first, sorted.end(), end_s, behind) - first);
}

// In one direction of time, as a list in an order of time gives them.
bool are_in_order(const std::vector<SeenRecord>& batch) {
  const auto earlier = [](const SeenRecord& a, const SeenRecord& b) {
    return a.time_ns < b.time_ns;
  };
  return std::is_sorted(batch.begin(), batch.end(), earlier) ||
         std::is_sorted(batch.rbegin(), batch.rend(), earlier);
}

}  // namespace

void Sample::add(const std::vector<SeenRecord>& batch) {
  if (batch.empty()) return;
  const auto [first, last] = std::minmax_element(batch.begin(), batch.end());
  if (are_in_order(batch))
    stretches_.push_back({seconds_of(first->time_ns), seconds_of(last->time_ns)});
  seen_.insert(seen_.end(), batch.begin(), batch.end());
  largest_batch_ = std::max(largest_batch_, batch.size());
}

void Sample::complete(int64_t from_s, int64_t end_s) {
  if (from_s < end_s)
    stretches_.push_back({static_cast<double>(from_s), static_cast<double>(end_s), true});
}

void Sample::include(const Sample& other) {
  seen_.insert(seen_.end(), other.seen_.begin(), other.seen_.end());
  stretches_.insert(stretches_.end(), other.stretches_.begin(), other.stretches_.end());
  largest_batch_ = std::max(largest_batch_, other.largest_batch_);
}

std::vector<SeenRecord> Sample::distinct() const {
  std::vector<SeenRecord> sorted = seen_;
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  return sorted;
}

// Those that overlap as one. Ranges that only touch stay apart: one may be empty, and the next
// full.
std::vector<Sample::Stretch> Sample::merged() const {
  std::vector<Stretch> sorted = stretches_;
  std::sort(sorted.begin(), sorted.end(), [](const Stretch& a, const Stretch& b) {
    return a.from_s != b.from_s ? a.from_s < b.from_s : a.whole > b.whole;
  });
  std::vector<Stretch> result;
  for (const Stretch& stretch : sorted) {
    if (!result.empty() && stretch.from_s < result.back().end_s)
      result.back().end_s = std::max(result.back().end_s, stretch.end_s);
    else
      result.push_back(stretch);
  }
  const std::vector<SeenRecord> records = distinct();
  for (Stretch& stretch : result)
    stretch.records = count_within(records, stretch.from_s, stretch.end_s);
  return result;
}

std::optional<double> Sample::density() const {
  size_t counted = 0;
  double over_s = 0;
  for (const Stretch& stretch : merged()) {
    if (stretch.records == 0) continue;
    counted += stretch.whole ? stretch.records : stretch.records - 1;
    over_s += stretch.end_s - stretch.from_s;
  }
  if (counted == 0 || over_s < 1) return std::nullopt;
  return static_cast<double>(counted) / over_s;
}

size_t Sample::records() const { return distinct().size(); }

double Sample::seconds() const {
  double over_s = 0;
  for (const Stretch& stretch : merged())
    if (stretch.records > 0) over_s += stretch.end_s - stretch.from_s;
  return over_s;
}

double Sample::empty_seconds(int64_t from_s, int64_t end_s) const {
  double empty_s = 0;
  for (const Stretch& stretch : merged()) {
    const double from = std::max(stretch.from_s, static_cast<double>(from_s));
    const double end = std::min(stretch.end_s, static_cast<double>(end_s));
    if (stretch.records == 0) empty_s += std::max(end - from, 0.0);
  }
  return empty_s;
}

std::optional<int64_t> Sample::first_s() const {
  if (seen_.empty()) return std::nullopt;
  return std::min_element(seen_.begin(), seen_.end())->time_ns / kNsPerSecond;
}

}  // namespace host::commands
