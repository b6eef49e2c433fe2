// The parts of a plan, each drawn on its own.
#pragma once

#include "tests/simulation/dice.hpp"
#include "tests/simulation/plan.hpp"

namespace simulation {

fake_aikido::Switches draw_switches(Dice& dice);
// May raise the quota.
SettingsPlan draw_settings(Dice& dice, fake_aikido::Switches& switches);
// How far before the first run it begins.
void set_backfill(SettingsPlan& settings, int64_t back_ns);
// By the plan's span, switches and settings. May turn on switches that filtered records need, and
// begin earlier.
ActivityPlan draw_activity(Dice& dice, Plan& plan);
// By the plan's span and settings.
std::vector<Trouble> draw_troubles(Dice& dice, const Plan& plan);

}  // namespace simulation
