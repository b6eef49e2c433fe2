#include "host_sim/progress_rate.hpp"

#include <algorithm>
#include <cmath>

#include "host_sim/clock.hpp"
#include "plugin_api/connector_plugin.h"

namespace host {
namespace {

constexpr int32_t kWhole = 10'000;
constexpr double kRecordsFade = 30;    // seconds
constexpr double kProgressFade = 600;  // .. for windows of a backfill differ
constexpr double kYoung = 20;          // seconds in which an estimate would be a guess
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
      progress_rate_.add(new_records > 0 ? std::max(progress - progress_, 0) : 0, seconds,
                         kProgressFade);
  }
  begun_ = true;
  last_ns_ = now_ns;
  records_ = records;
  progress_ = progress;
}

std::optional<double> ProgressRate::records_per_second() const {
  if (record_rate_.seconds < 1) return std::nullopt;
  return record_rate_.gained / record_rate_.seconds;
}

std::optional<int64_t> ProgressRate::left_ns() const {
  if (progress_ < 0 || progress_rate_.seconds < kYoung || progress_rate_.gained <= 0)
    return std::nullopt;
  const double left = (kWhole - std::min(progress_, kWhole)) * progress_rate_.seconds;
  const double seconds = left / progress_rate_.gained;
  if (!(seconds <= kMostLeft)) return std::nullopt;
  return static_cast<int64_t>(seconds * static_cast<double>(kNsPerSecond));
}

}  // namespace host
