// How the service is, and how the input is set.
#include "tests/simulation/plan_parts.hpp"

namespace simulation {
namespace {

using fake_aikido::Order;
using fake_aikido::Ties;

std::string seconds(int64_t ns) { return std::to_string(ns / kSecond) + "s"; }

struct Rate {
  const char* text;
  int64_t interval_ns;
};

// Within the quota, which is raised on request.
void draw_pace(Dice& dice, SettingsPlan& settings, fake_aikido::Switches& switches) {
  const Rate rate = dice.one_of<Rate>({{"0.3", 3'333'333'334},
                                       {"0.3", 3'333'333'334},
                                       {"0.3", 3'333'333'334},
                                       {"0.2", 5'000'000'000},
                                       {"0.8", 1'250'000'000}});
  settings.request_interval_ns = rate.interval_ns;
  settings.yaml["requests_per_second"] = rate.text;
  if (rate.interval_ns < 3 * kSecond) switches.quota = 50;
}

}  // namespace

void set_backfill(SettingsPlan& settings, int64_t back_ns) {
  settings.backfill_ns = back_ns / kSecond * kSecond;
  settings.yaml["backfill_start_time"] = "-" + seconds(*settings.backfill_ns);
}

fake_aikido::Switches draw_switches(Dice& dice) {
  fake_aikido::Switches switches;
  switches.order =
      dice.one_of({Order::kAscending, Order::kDescending, Order::kById, Order::kScrambled});
  switches.ties = dice.one_of({Ties::kAsAdded, Ties::kAscendingId, Ties::kDescendingId});
  switches.start_inclusive = dice.chance(0.5);
  switches.end_inclusive = dice.chance(0.5);
  switches.next_page_header = dice.chance(0.5);
  switches.pretty = dice.chance(0.1);
  switches.gzip = dice.chance(0.5);
  switches.close_connections = dice.chance(0.2);
  switches.clock_offset_s = dice.chance(0.5) ? dice.between(-300, 300) : 0;
  switches.sends_date = dice.chance(0.9);
  switches.token_life_s = dice.one_of<int64_t>({30, 600, 600, 3'600, 3'600, 3'600, 86'400});
  switches.refuse_credentials_with_400 = dice.chance(0.3);
  switches.token_calls_count = dice.chance(0.5);
  return switches;
}

// Mostly seldom polls, so that worlds stay quick.
SettingsPlan draw_settings(Dice& dice, fake_aikido::Switches& switches) {
  SettingsPlan settings;
  settings.poll_ns = dice.one_of<int64_t>({20, 60, 60, 60, 90, 120, 120, 300, 300, 300, 600, 600,
                                           600, 1'800, 1'800, 3'600}) *
                     kSecond;
  settings.late_check_ns = dice.one_of<int64_t>({300, 600, 600, 600, 1'800, 7'200}) * kSecond;
  settings.window_ns = dice.one_of<int64_t>({600, 3'600, 5'400, 5'400, 5'400, 10'800}) * kSecond;
  settings.timeout_ns = dice.one_of<int64_t>({5, 30, 30, 30}) * kSecond;
  settings.yaml["request_timeout"] = seconds(settings.timeout_ns);
  draw_pace(dice, settings, switches);
  settings.yaml["poll_interval"] = seconds(settings.poll_ns);
  settings.yaml["late_check_interval"] = seconds(settings.late_check_ns);
  settings.yaml["late_arrival_window"] = seconds(settings.window_ns);
  if (dice.chance(0.6)) {
    const auto back =
        dice.log_uniform(static_cast<double>(kMinute), static_cast<double>(30 * kDay));
    set_backfill(settings, static_cast<int64_t>(back));
  }
  settings.by_users_only = dice.chance(0.1);
  if (settings.by_users_only) settings.yaml["user_type"] = "user_only";
  return settings;
}

}  // namespace simulation
