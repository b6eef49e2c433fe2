// Live and late records on time. The bounds follow from the design's sweeps:
// - A fresh sweep opens `poll_interval` after the last one did, or when that one is over. It shows
//   whatever had surfaced by then, after as many requests as its window has pages.
// - A late sweep opens `late_check_interval` after the last one did, or when that one is over; with
//   an open backfill no more often than leaves it half of the pace.
// - A sweep that wants the pace alone gets at least 7 of 8 requests; a late one beside fresh ones
//   what those leave, and never less than every fourth request.
// - Beside them go a token, the request that was under way, and one that waited for its turn.
#include <algorithm>
#include <string>
#include <vector>

#include "tests/simulation/calm.hpp"
#include "tests/simulation/expectation.hpp"
#include "tests/simulation/laws.hpp"
#include "tests/simulation/listing.hpp"

namespace simulation {
namespace {

constexpr int64_t kBeside = 3;  // requests

// How long sweeps take around a moment of the server's clock.
struct Sweeps {
  int64_t fresh_ns;
  int64_t late_ns;
  bool keep_up;  // the tenant is below the rate up to which the promises hold

  Sweeps(const History& history, int64_t time_ns);
};

// A window's pages wherever between `from_ns` and `to_ns` a sweep of it opens.
int64_t most_pages(const History& history, int64_t window_ns, int64_t from_ns, int64_t to_ns) {
  const int64_t step_ns = std::max<int64_t>(1, (to_ns - from_ns) / 8);
  int64_t most = 0;
  for (int64_t opens_ns = from_ns; opens_ns <= to_ns; opens_ns += step_ns)
    most = std::max(most, pages_of(history, listed(history, opens_ns - window_ns,
                                                   opens_ns + step_ns, INT64_MAX)));
  return most;
}

Sweeps::Sweeps(const History& history, int64_t time_ns) {
  const SettingsPlan& settings = history.plan.settings;
  const auto interval = static_cast<double>(settings.request_interval_ns);
  const auto pages = [&](int64_t back_ns, int64_t ahead_ns) {
    return pages_of(history, listed(history, time_ns - back_ns, time_ns + ahead_ns, INT64_MAX));
  };
  const int64_t about_ns = settings.poll_ns + kMinute;
  const int64_t fresh_pages = pages(2 * about_ns, about_ns);
  fresh_ns = (fresh_pages + kBeside) * settings.request_interval_ns * 4 / 3;
  // So many are read in the whole of that time, and a poll ends with a page that is not full.
  const double fresh_share =
      static_cast<double>(fresh_pages) * interval / static_cast<double>(3 * about_ns) +
      interval / static_cast<double>(settings.poll_ns);
  const double left = std::max(0.25, (settings.backfill_ns ? 0.875 : 1) - fresh_share);
  const auto lasts_ns = [&](int64_t late_pages) {
    return static_cast<int64_t>(static_cast<double>(late_pages + kBeside) * interval / left);
  };
  late_ns = lasts_ns(pages(settings.window_ns + 2 * settings.late_check_ns + kMinute,
                           settings.late_check_ns + kMinute));
  const int64_t usual =
      most_pages(history, settings.window_ns + settings.late_check_ns,
                 time_ns - settings.late_check_ns, time_ns + settings.late_check_ns);
  keep_up =
      fresh_ns <= std::max(settings.poll_ns, kMinute) && lasts_ns(usual) <= settings.late_check_ns;
}

struct Bound {
  int64_t ns;
  const char* of;
};

Bound bound_of(const History& history, const Record& record, const Sweeps& sweeps) {
  const SettingsPlan& settings = history.plan.settings;
  const bool is_late = record.visible_ns >= record.time_ns + kSecond;
  // A fresh sweep reaches no further back than the window. Where times are told in whole seconds,
  // the present one may count for the next.
  const int64_t fresh_ns = std::max(settings.poll_ns, sweeps.fresh_ns) + sweeps.fresh_ns;
  if (!is_late && fresh_ns <= settings.window_ns) return {fresh_ns + 2 * kSecond, "live"};
  const int64_t stretched_ns = settings.backfill_ns ? 2 * sweeps.late_ns : 0;
  return {std::max(settings.late_check_ns, stretched_ns) + 2 * sweeps.late_ns + 2 * kSecond,
          "late"};
}

}  // namespace

Breach records_are_on_time(const History& history) {
  // Without the server's time a wrong clock delays what it has not come to yet.
  if (!history.plan.switches.sends_date || history.plan.has_second) return std::nullopt;
  const Calm calm(history);
  const auto& records = history.activity.records;
  std::vector<int64_t> written_ns(records.size(), INT64_MAX);
  for (const Written& written : history.written)
    if (written.record != Written::kUnknown)
      written_ns[written.record] = std::min(written_ns[written.record], written.time_ns);
  for (size_t i = 0; i < records.size(); ++i) {
    const int64_t surfaced_ns = records[i].visible_ns - history.offset_ns;
    if (!records[i].matches || surfaced_ns < history.begin_ns) continue;
    if (expectation(history, records[i]) != Expectation::kMust) continue;
    if (written_ns[i] - surfaced_ns <= history.plan.settings.poll_ns) continue;  // mostly
    const Sweeps sweeps(history, records[i].visible_ns);
    const Bound bound = bound_of(history, records[i], sweeps);
    if (written_ns[i] - surfaced_ns <= bound.ns || !sweeps.keep_up) continue;
    if (!calm.holds(surfaced_ns - bound.ns, surfaced_ns + bound.ns)) continue;
    return std::string("a ") + bound.of + " record that surfaced at " +
           std::to_string((surfaced_ns - history.begin_ns) / kSecond) + " s came " +
           std::to_string((written_ns[i] - surfaced_ns) / kSecond) + " s later, and not within " +
           std::to_string(bound.ns / kSecond);
  }
  return std::nullopt;
}

}  // namespace simulation
