// How much happens, and how it shows.
#include <algorithm>

#include "tests/simulation/plan_parts.hpp"

namespace simulation {
namespace {

size_t count_of(double per_minute, int64_t span_ns) {
  return static_cast<size_t>(per_minute * static_cast<double>(span_ns) /
                             static_cast<double>(kMinute));
}

// Live, late and old records all at once, each of them enough to use up the pace.
void draw_busy_beginning(Dice& dice, Plan& plan, std::vector<Stream>& streams) {
  const int64_t past_ns = std::max(plan.settings.backfill_ns.value_or(0), 4 * kHour);
  set_backfill(plan.settings, past_ns);
  const double per_minute = dice.log_uniform(40, 80);
  const int64_t from_ns = -4 * kHour, to_ns = kHour;
  streams.push_back({from_ns, to_ns, count_of(per_minute, to_ns - from_ns), 0.1});
}

// Mostly small; a few are as busy as the design promises to keep up with, but not for long, since
// what they cost the simulation grows with the square of it.
std::vector<Stream> draw_streams(Dice& dice, Plan& plan) {
  const double bursts = dice.one_of({0.0, 0.1, 0.9});
  std::vector<Stream> streams;
  if (dice.chance(0.95)) {
    const double per_minute = dice.log_uniform(0.001, 2);
    streams.push_back({0, plan.span_ns, count_of(per_minute, plan.span_ns), bursts});
  }
  if (dice.chance(0.15)) {
    const int64_t length_ns = dice.between(kMinute, 2 * kHour);
    const int64_t from_ns = dice.between(0, plan.span_ns - length_ns);
    const double per_minute = dice.log_uniform(2, 80);
    streams.push_back({from_ns, from_ns + length_ns, count_of(per_minute, length_ns), bursts});
  }
  // Many in one second: more than a page, so that a second spans several.
  if (dice.chance(0.3)) {
    const int64_t at_ns = dice.between(0, plan.span_ns - kMinute);
    const auto count = static_cast<size_t>(dice.between(2, 160));
    streams.push_back({at_ns, at_ns + kSecond, count, 1});
  }
  if (dice.chance(0.02)) draw_busy_beginning(dice, plan, streams);
  // The past: of it, what lies before the beginning must not come.
  const int64_t past_ns = plan.settings.backfill_ns.value_or(0) + dice.between(0, 2 * kDay);
  const auto count = static_cast<size_t>(dice.log_uniform(1, 3'000));
  if (past_ns > 0) streams.push_back({-past_ns, 0, count, bursts});
  return streams;
}

}  // namespace

ActivityPlan draw_activity(Dice& dice, Plan& plan) {
  using fake_aikido::Shape;
  ActivityPlan activity;
  activity.streams = draw_streams(dice, plan);
  activity.shape = dice.one_of({Shape::kDocumented, Shape::kMonad, Shape::kMixed});
  activity.late = dice.one_of({0.0, 0.05, 0.5});
  activity.latest_s = dice.one_of<int64_t>({60, 3'600, 3'600});
  activity.idless = dice.one_of({0.0, 0.0, 0.05});
  activity.timeless = dice.one_of({0.0, 0.0, 0.05});
  // Filtering after paging needs the header, or a short page could not be told from the end.
  if (plan.switches.next_page_header && dice.chance(0.3)) {
    plan.switches.filter_after_paging = true;
    activity.withheld = dice.one_of({0.1, 0.5, 0.97});
  }
  return activity;
}

}  // namespace simulation
