// The pages that the benchmarks read: those of the stand-in, as Aikido documents them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "plugins/aikido_activity_log/page.hpp"
#include "tests/fake_aikido/activity.hpp"

namespace benchmarks {

constexpr size_t kPages = 100;
constexpr size_t kRecords = kPages * aikido::kRecordsPerPage;
constexpr int64_t kDayS = 1'767'225'600;  // 2026-01-01: all records are of this day

struct Pages {
  std::vector<std::string> bodies;
  size_t bytes = 0;
};

inline Pages make_pages() {
  Pages pages;
  std::string body;
  size_t on_page = 0;
  for (const fake_aikido::Record& record :
       fake_aikido::make_activity(kRecords, kDayS, kDayS + aikido::kSecondsPerDay - 1)) {
    body += (body.empty() ? '[' : ',') + record.text;
    if (++on_page < aikido::kRecordsPerPage) continue;
    pages.bytes += body.size() + 1;
    pages.bodies.push_back(std::exchange(body, {}) + ']');
    on_page = 0;
  }
  return pages;
}

inline const Pages& pages() {
  static const Pages made = make_pages();
  return made;
}

}  // namespace benchmarks
