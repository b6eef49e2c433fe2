#include "tests/fake_aikido/live_activity.hpp"

#include <algorithm>
#include <utility>

#include "tests/fake_aikido/clock.hpp"

namespace fake_aikido {

LiveActivity::LiveActivity(Organisation& organisation, const ActivityStyle& style,
                           double per_minute, int64_t begin_ns, int64_t lasts_ns)
    : organisation_(organisation),
      maker_(style),
      per_minute_(per_minute),
      begin_ns_(begin_ns),
      lasts_ns_(lasts_ns) {}

void LiveActivity::go_on(int64_t now_ns) {
  const double elapsed = static_cast<double>(std::min(now_ns - begin_ns_, lasts_ns_));
  const auto due = static_cast<size_t>(elapsed / static_cast<double>(kMinute) * per_minute_);
  for (; made_ < due; ++made_) {
    Record record = maker_.make(now_ns / kSecond);
    // One that is not late shows from now on, and not from the beginning of its second.
    record.visible_ns = std::max(record.visible_ns, now_ns);
    organisation_.add(std::move(record));
  }
}

}  // namespace fake_aikido
