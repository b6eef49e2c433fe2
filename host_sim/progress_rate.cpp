#include "host_sim/progress_rate.hpp"

#include <algorithm>
#include <cmath>

#include "host_sim/clock.hpp"
#include "plugin_api/connector_plugin.h"

namespace host {
namespace {

constexpr int32_t kWhole = 10'000;
constexpr double kRecordsFade = 30;  // seconds
// A history differs from day to day, and a day of it takes the longer the longer all of it does.
constexpr double kLeastProgressFade = 60;  // seconds
constexpr double kProgressFade = 0.25;     // of the run
// Its beginning says nothing of the rest: an account has little to tell of its first weeks.
constexpr double kYoung = 20;       // seconds
constexpr double kLeastSeen = 0.1;  // of what this run has read and what is left
// What the last part of the run says and what all of it says: further apart, something changes.
constexpr double kUnsettled = 2.3;
constexpr double kMostLeft = 1000.0 * 86'400;

}  // namespace

void ProgressRate::Fading::add(double gain, double seconds_more, double fade_seconds) {
  const double kept = std::exp(-seconds_more / fade_seconds);
  gained = gained * kept + gain;
  seconds = seconds * kept + seconds_more;
}

void ProgressRate::note(int64_t now_ns, int64_t records, int32_t progress) {
  if (begun_ && now_ns > last_ns_) {
    const double seconds =
        static_cast<double>(now_ns - last_ns_) / static_cast<double>(kNsPerSecond);
    const int64_t new_records = std::max<int64_t>(records - records_, 0);
    record_rate_.add(static_cast<double>(new_records), seconds, kRecordsFade);
    // A time without records is passed in a leap, which says nothing of the times that have some.
    if (progress >= 0 && progress_ >= 0)
      note_progress(new_records > 0 ? std::max(progress - progress_, 0) : 0, seconds);
  }
  begun_ = true;
  last_ns_ = now_ns;
  records_ = records;
  progress_ = progress;
}

void ProgressRate::note_progress(double gain, double seconds) {
  run_.gained += gain;
  run_.seconds += seconds;
  progress_rate_.add(gain, seconds, std::max(kLeastProgressFade, kProgressFade * run_.seconds));
}

bool ProgressRate::tells_of_the_rest(double left) const {
  if (run_.seconds < kYoung || run_.gained <= 0) return false;
  if (run_.gained < kLeastSeen * (run_.gained + left)) return false;
  const double now = progress_rate_.gained * run_.seconds;
  const double in_all = run_.gained * progress_rate_.seconds;
  return now < kUnsettled * in_all && in_all < kUnsettled * now;
}

std::optional<double> ProgressRate::records_per_second() const {
  if (record_rate_.seconds < 1) return std::nullopt;
  return record_rate_.gained / record_rate_.seconds;
}

std::optional<int64_t> ProgressRate::left_ns() const {
  const double left = kWhole - std::min(progress_, kWhole);
  if (progress_ < 0 || !tells_of_the_rest(left)) return std::nullopt;
  const double seconds = left * progress_rate_.seconds / progress_rate_.gained;
  if (!(seconds <= kMostLeft)) return std::nullopt;
  return static_cast<int64_t>(seconds * static_cast<double>(kNsPerSecond));
}

}  // namespace host
