#include "tests/simulation/plan.hpp"

#include <algorithm>
#include <sstream>

#include "tests/simulation/dice.hpp"
#include "tests/simulation/plan_parts.hpp"

namespace simulation {
namespace {

std::vector<Downtime> draw_downtimes(Dice& dice, int64_t span_ns) {
  std::vector<Downtime> downtimes;
  const int64_t count = dice.one_of<int64_t>({0, 0, 1, 1, 2, 4});
  for (int64_t i = 0; i < count; ++i) {
    const int64_t from_ns = dice.between(0, span_ns);
    const auto length_ns = static_cast<int64_t>(
        dice.log_uniform(static_cast<double>(kMinute), static_cast<double>(2 * kDay)));
    downtimes.push_back({from_ns, std::min(from_ns + length_ns, span_ns)});
  }
  std::sort(downtimes.begin(), downtimes.end(), [](const Downtime& left, const Downtime& right) {
    return left.from_ns < right.from_ns;
  });
  std::vector<Downtime> apart;
  for (const Downtime& one : downtimes)
    if (apart.empty() || one.from_ns > apart.back().to_ns) apart.push_back(one);
  return apart;
}

std::vector<CrashPlan> draw_crashes(Dice& dice, int64_t span_ns) {
  std::vector<CrashPlan> crashes;
  const int64_t count = dice.one_of<int64_t>({0, 0, 1, 3, 10, 40});
  for (int64_t i = 0; i < count; ++i) {
    CrashPlan crash;
    crash.time_ns = dice.between(0, span_ns);
    crash.points = dice.between(0, 12);
    crash.amid_call = dice.chance(0.2);
    crash.down_ns = dice.chance(0.7) ? dice.between(0, 5 * kSecond) : dice.between(0, kHour);
    crash.survives = dice.one_of({0.0, 0.5, 1.0});
    crashes.push_back(crash);
  }
  // The very first moments of a first run are the ones that are easiest to get wrong.
  if (dice.chance(0.2))
    crashes.push_back({0, dice.between(0, 25), false, dice.between(0, kMinute)});
  std::sort(crashes.begin(), crashes.end(), [](const CrashPlan& left, const CrashPlan& right) {
    return left.time_ns < right.time_ns;
  });
  return crashes;
}

std::vector<ClockJump> draw_jumps(Dice& dice, int64_t span_ns) {
  std::vector<ClockJump> jumps;
  if (dice.chance(0.4)) jumps.push_back({0, dice.between(-5 * kMinute, 5 * kMinute)});
  if (!dice.chance(0.3)) return jumps;
  for (int64_t i = dice.between(1, 3); i > 0; --i)
    jumps.push_back({dice.between(0, span_ns), dice.between(-5 * kMinute, 5 * kMinute)});
  std::sort(jumps.begin(), jumps.end(), [](const ClockJump& left, const ClockJump& right) {
    return left.time_ns < right.time_ns;
  });
  return jumps;
}

// By dice of its own, so that it moves nothing else.
bool draw_second(uint64_t seed) { return Dice(seed ^ 0x5EC04D).chance(0.2); }

}  // namespace

Plan make_plan(uint64_t seed, int64_t days) {
  Dice dice(seed);
  Plan plan;
  plan.seed = seed;
  plan.span_ns = days * kDay;
  plan.phase_ns = dice.between(0, kSecond - 1);
  plan.switches = draw_switches(dice);
  plan.settings = draw_settings(dice, plan.switches);
  plan.activity = draw_activity(dice, plan);
  plan.to_stdout = dice.chance(0.15);
  plan.downtimes = draw_downtimes(dice, plan.span_ns);
  plan.crashes = draw_crashes(dice, plan.span_ns);
  plan.jumps = draw_jumps(dice, plan.span_ns);
  plan.troubles = draw_troubles(dice, plan);
  plan.has_second = draw_second(seed);
  return plan;
}

std::string to_text(const Plan& plan) {
  const fake_aikido::Switches& s = plan.switches;
  std::ostringstream out;
  out << "order " << static_cast<int>(s.order) << ", ties " << static_cast<int>(s.ties)
      << ", bounds " << s.start_inclusive << s.end_inclusive << ", header " << s.next_page_header
      << ", filter after paging " << s.filter_after_paging << ", clock " << s.clock_offset_s
      << " s ahead, token life " << s.token_life_s << " s, shape "
      << static_cast<int>(plan.activity.shape) << ", late " << plan.activity.late << " by up to "
      << plan.activity.latest_s << " s, no id " << plan.activity.idless << ", no time "
      << plan.activity.timeless << ", withheld " << plan.activity.withheld;
  for (const Stream& stream : plan.activity.streams)
    out << ", " << stream.count << " records from " << stream.from_ns / kSecond << " s to "
        << stream.to_ns / kSecond << " s";
  for (const auto& [key, value] : plan.settings.yaml) out << ", " << key << " " << value;
  out << (plan.to_stdout ? ", stdout" : ", file") << (plan.has_second ? ", two pipelines" : "")
      << ", " << plan.downtimes.size() << " downtimes, " << plan.crashes.size() << " crashes, "
      << plan.jumps.size() << " clock jumps";
  for (const Trouble& trouble : plan.troubles)
    out << ", " << to_text(trouble.kind) << ' ' << trouble.number << " from "
        << trouble.from_ns / kSecond << " s to " << trouble.to_ns / kSecond << " s, "
        << trouble.times << " times";
  return out.str();
}

}  // namespace simulation
