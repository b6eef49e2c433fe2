#include "tests/simulation/listing.hpp"

#include <algorithm>

namespace simulation {

int64_t listed(const History& history, int64_t from_ns, int64_t to_ns, int64_t now_ns) {
  const auto& records = history.activity.records;
  const bool all = history.plan.switches.filter_after_paging;
  const auto first = std::lower_bound(
      records.begin(), records.end(), from_ns,
      [](const Record& record, int64_t time_ns) { return record.time_ns < time_ns; });
  int64_t count = 0;
  for (auto record = first; record != records.end() && record->time_ns < to_ns; ++record)
    count += record->visible_ns <= now_ns && (all || record->matches);
  return count;
}

int64_t pages_of(const History& history, int64_t records) {
  const int64_t pages = (records + kPage - 1) / kPage;
  if (history.plan.switches.next_page_header) return std::max<int64_t>(1, pages);
  return pages + 1;
}

}  // namespace simulation
