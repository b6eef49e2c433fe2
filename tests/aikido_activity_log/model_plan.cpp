// Where a seed's worlds come from: many kinds of organisation, server, setting and misfortune.
#include <algorithm>
#include <vector>

#include "plugins/aikido_activity_log/sweep.hpp"
#include "tests/aikido_activity_log/model_world.hpp"

namespace aikido::model {
namespace {

constexpr int64_t kS = kNsPerSecond;
constexpr int64_t kEpoch = 1'700'000'000 * kS;

class Dice {
 public:
  explicit Dice(std::mt19937_64& random) : random_(random) {}
  bool chance(double share) { return std::bernoulli_distribution(share)(random_); }
  int64_t between(int64_t least, int64_t most) {
    return std::uniform_int_distribution<int64_t>(least, std::max(least, most))(random_);
  }
  template <class T>
  T one_of(std::initializer_list<T> values) {
    return values.begin()[between(0, static_cast<int64_t>(values.size()) - 1)];
  }

 private:
  std::mt19937_64& random_;
};

Switches random_switches(Dice& dice) {
  Switches switches;
  switches.order = dice.one_of({Order::kAscending, Order::kDescending, Order::kById,
                                Order::kByIdDescending, Order::kShuffled});
  switches.header = dice.one_of({Header::kAbsent, Header::kPresent, Header::kSometimes});
  switches.start_inclusive = dice.chance(0.5);
  switches.end_inclusive = dice.chance(0.5);
  switches.timeless_always = dice.chance(0.3);
  switches.slips = dice.chance(0.1) ? 0.05 : 0;
  return switches;
}

void choose_start(Dice& dice, CollectorSettings& settings, int64_t now_ns) {
  const int64_t back = dice.one_of({60 * kS, 3'600 * kS, 86'400 * kS, 90 * 86'400 * kS});
  switch (dice.between(0, 4)) {
    case 0:
      break;
    case 1:
      settings.backfill_start_relative = true;
      settings.backfill_start_ns = dice.between(0, back);
      settings.backfill_start_text = "relative";
      break;
    case 2:  // in the future
      settings.backfill_start_ns = now_ns + dice.between(0, 7'200 * kS);
      settings.backfill_start_text = "absolute";
      break;
    default:
      settings.backfill_start_ns = now_ns - dice.between(0, back);
      settings.backfill_start_text = "absolute";
  }
}

CollectorSettings random_settings(Dice& dice, int64_t now_ns) {
  CollectorSettings settings;
  settings.identity = "https://app.aikido.dev";
  settings.client_id = "AIK_CLIENT_model";
  settings.poll_interval_ns = dice.one_of({10, 60, 60, 300, 3'600}) * kS;
  settings.late_arrival_window_ns =
      dice.one_of<int64_t>({0, 60 * kS, 90'500'000'000, 3'600 * kS, 5'400 * kS, 5'400 * kS});
  settings.late_check_interval_ns = dice.one_of({30, 600, 600, 7'200}) * kS;
  settings.request_interval_ns = dice.one_of({kS / 20, kS, 10 * kS / 3, 10 * kS / 3, 20 * kS});
  choose_start(dice, settings, now_ns);
  return settings;
}

// An id, and its rank where the order is by id: growing with the moment of appearance, or random.
void name(Dice& dice, Record& record, int64_t number, int style) {
  record.has_id = !dice.chance(0.02);
  record.rank = static_cast<uint64_t>(dice.between(0, INT64_MAX / 2)) * 2;
  const auto text = std::to_string(style == 0 ? 1'000'000 + number : record.rank / 2);
  if (!record.has_id)
    record.id = "hash" + text;
  else if (style == 2)
    record.id = "\"activity_" + text + "\"";
  else
    record.id = text;
  if (style == 0) record.rank = static_cast<uint64_t>(number);
}

// Without right dates all hangs on the wall clock, and what that must not be is ahead.
ClockErrors random_errors(Dice& dice) {
  ClockErrors errors;
  if (dice.chance(0.2)) errors.wall_ns = dice.between(-300 * kS, 300 * kS);
  errors.drift = dice.one_of({0.0, 0.0, 1e-4, -1e-4, -0.01});
  errors.dates = !dice.chance(0.1);
  if (dice.chance(0.2)) {
    errors.wrong_dates = dice.one_of({0.02, 0.2});
    errors.wrong_by_ns = dice.one_of({60, 7'200, 100'000}) * kS;
  }
  if (!errors.dates || errors.wrong_dates > 0) errors.wall_ns = -std::abs(errors.wall_ns);
  return errors;
}

// The moments where one sweep's ownership ends and another's begins.
std::vector<int64_t> edges(const Plan& plan) {
  const CollectorSettings& settings = plan.settings;
  int64_t origin_ns = settings.backfill_start_ns;
  if (settings.backfill_start_relative) origin_ns = plan.begin_ns - settings.backfill_start_ns;
  if (settings.backfill_start_text.empty()) origin_ns = plan.begin_ns;
  const int64_t split_ns = std::max(origin_ns, plan.begin_ns - settings.late_arrival_window_ns);
  return {origin_ns,     split_ns,   split_ns, origin_ns + 86'400 * kS, origin_ns + 9 * 86'400 * kS,
          plan.begin_ns, plan.end_ns};
}

int64_t lateness(Dice& dice, int64_t window_ns, bool late) {
  if (!late) return dice.between(0, std::min<int64_t>(window_ns, 2 * kS));
  return dice.chance(0.1) ? window_ns : dice.between(0, window_ns);
}

}  // namespace

Plan random_plan(std::mt19937_64& random) {
  Dice dice(random);
  Plan plan;
  plan.begin_ns = kEpoch + dice.between(0, 1'000'000'000'000);
  plan.switches = random_switches(dice);
  plan.settings = random_settings(dice, plan.begin_ns);
  plan.end_ns = plan.begin_ns + dice.between(20, 200) * plan.settings.poll_interval_ns;
  plan.crash = dice.one_of({0.0, 0.01, 0.1, 0.5});
  plan.outage = dice.one_of({0.0, 0.01, 0.05});
  plan.longest_outage_ns = dice.one_of<int64_t>({600, 7'200, 86'400, 21 * 86'400}) * kS;
  plan.lost = dice.one_of({0.0, 0.05, 0.3});
  plan.uncommitted = dice.one_of({0.0, 0.3, 0.9});
  plan.changes_settings = dice.chance(0.1);
  plan.clocks = random_errors(dice);
  if (dice.chance(0.15)) {
    plan.bad_kind = dice.one_of({SweepKind::kFresh, SweepKind::kLate, SweepKind::kBackfill});
    plan.bad_page = dice.between(0, 2);
    plan.bad_until_ns = dice.between(plan.begin_ns, plan.end_ns);
  }
  if (plan.longest_outage_ns > 86'400 * kS && plan.outage > 0)
    plan.end_ns += dice.between(0, 40) * 86'400 * kS;
  return plan;
}

Server random_server(std::mt19937_64& random, const Plan& plan) {
  Dice dice(random);
  Server server(plan.switches);
  const int64_t window_ns = plan.settings.late_arrival_window_ns;
  const int64_t back_ns = dice.one_of<int64_t>({3'600, 86'400, 100 * 86'400}) * kS;
  const int64_t from_ns = plan.begin_ns - back_ns;
  const int64_t count = dice.one_of<int64_t>({0, 3, 60, 400, 1'500}) + dice.between(0, 100);
  const double late = dice.one_of({0.0, 0.1, 0.5});
  const double burst = dice.one_of({0.0, 0.5, 0.95});
  const bool whole_seconds = dice.chance(0.7);
  const double untimed = dice.one_of({0.0, 0.0, 0.1, plan.switches.timeless_always ? 0.02 : 0.5});
  const double future = dice.one_of({0.0, 0.0, 0.05});
  const bool filtered = plan.switches.header == Header::kPresent && dice.chance(0.3);
  const bool thinly_filtered = plan.switches.header == Header::kAbsent && dice.chance(0.2);
  const auto style = static_cast<int>(dice.between(0, 2));
  const double at_edges = dice.one_of({0.0, 0.0, 0.2});
  const std::vector<int64_t> edge = edges(plan);
  const int64_t middle_ns = dice.chance(0.5) ? plan.begin_ns : from_ns;
  int64_t time_ns = plan.begin_ns;
  for (int64_t i = 0; i < count; ++i) {
    if (!dice.chance(burst) || i == 0)
      time_ns = dice.chance(0.7) ? dice.between(middle_ns, plan.end_ns)
                                 : dice.between(from_ns, plan.end_ns);
    const size_t any = static_cast<size_t>(dice.between(0, static_cast<int64_t>(edge.size()) - 1));
    if (dice.chance(at_edges)) time_ns = edge[any] + dice.between(-3 * kS, 3 * kS);
    Record record;
    record.time_ns = whole_seconds ? floor_seconds(time_ns) * kS : time_ns;
    record.visible_ns = record.time_ns + lateness(dice, window_ns, dice.chance(late));
    if (dice.chance(future)) record.visible_ns -= dice.between(0, 7'200 * kS);
    record.timed = !dice.chance(untimed);
    record.matches = !(filtered && dice.chance(0.97)) && !(thinly_filtered && dice.chance(0.2));
    name(dice, record, i, style);
    server.add(std::move(record));
  }
  return server;
}

}  // namespace aikido::model
