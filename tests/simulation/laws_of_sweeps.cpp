// What a sweep's requests have to look like from outside.
#include <cstdlib>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "tests/simulation/calm.hpp"
#include "tests/simulation/laws.hpp"

namespace simulation {
namespace {

using fake_aikido::Kind;
using fake_aikido::LoggedRequest;

// Every eighth request is the backfill's, and one may be under way when it comes to wait.
constexpr int kMostBetweenBackfills = 8;
constexpr int64_t kFarPage = 400;

std::string when(const History& history, const LoggedRequest& request) {
  const int64_t since_ns = request.asked.time_ns - history.offset_ns - history.begin_ns;
  return "at " + std::to_string(since_ns / kSecond) + " s";
}

int64_t number(const LoggedRequest& request, const char* name) {
  return std::atoll(request.asked.parameter(name).value_or("0").c_str());
}

// Whatever else is read begins after the split, which lies a window before the first run.
bool is_backfill(const History& history, const LoggedRequest& request) {
  const int64_t begin_ns = history.begin_ns + history.offset_ns;
  return number(request, "end") * kSecond <= begin_ns - history.plan.settings.window_ns / 2;
}

}  // namespace

// A list is read page by page; after the second one it may be asked once, be it again after a
// crash, whether it has a page far ahead.
Breach lists_keep_their_bounds(const History& history) {
  std::set<std::tuple<int64_t, int64_t, int64_t>> asked;            // start, end, page
  std::map<std::tuple<int64_t, int64_t>, int64_t> looked_ahead_at;  // by start and end
  for (const LoggedRequest& request : history.requests) {
    if (request.asked.kind != Kind::kPage) continue;
    const int64_t start = number(request, "start"), end = number(request, "end");
    const int64_t page = number(request, "page");
    if (page == 0 || asked.contains({start, end, page - 1})) {
      asked.emplace(start, end, page);
      continue;
    }
    if (asked.contains({start, end, 1}) && page <= kFarPage &&
        looked_ahead_at.try_emplace({start, end}, page).first->second == page)
      continue;
    return when(history, request) + " page " + std::to_string(page) + " from " +
           std::to_string(start) + " to " + std::to_string(end) +
           " was asked for, and never the one before it";
  }
  return std::nullopt;
}

Breach the_backfill_has_its_share(const History& history) {
  if (!history.plan.switches.sends_date || history.plan.has_second) return std::nullopt;
  const Calm calm(history);
  const LoggedRequest* last = nullptr;  // of the backfill's
  int others = 0;
  for (const LoggedRequest& request : history.requests) {
    if (request.asked.kind != Kind::kPage) continue;
    if (!is_backfill(history, request)) {
      ++others;
      continue;
    }
    const bool starves = last && others > kMostBetweenBackfills;
    if (starves && calm.holds(last->asked.time_ns - history.offset_ns,
                              request.asked.time_ns - history.offset_ns))
      return when(history, request) + " it had its first request after " + std::to_string(others) +
             " others";
    last = &request;
    others = 0;
  }
  return std::nullopt;
}

}  // namespace simulation
