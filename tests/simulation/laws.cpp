#include "tests/simulation/laws.hpp"

namespace simulation {

const std::vector<Law>& laws() {
  static const std::vector<Law> all = {
      {"every record is delivered", every_record_is_delivered},
      {"nothing else is delivered", nothing_else_is_delivered},
      {"no commit passes the output", no_commit_passes_the_output},
      {"requests keep the pace", requests_keep_the_pace},
      {"requests are few", requests_are_few},
      {"lists keep their bounds", lists_keep_their_bounds},
      {"the backfill has its share", the_backfill_has_its_share},
      {"records are on time", records_are_on_time},
      {"memory stays small", memory_stays_small},
      {"health shows failures", health_shows_failures},
      {"health is green when all is well", health_is_green_when_all_is_well},
      {"troubles are recovered from", troubles_are_recovered_from},
      {"health is not green behind late records", health_is_not_green_behind_late_records},
      {"the watermark is true", the_watermark_is_true},
      {"the last run catches up", the_last_run_catches_up},
  };
  return all;
}

Breach check_all(const History& history) {
  for (const Law& law : laws())
    if (const Breach breach = law.check(history)) return std::string(law.name) + ": " + *breach;
  return std::nullopt;
}

}  // namespace simulation
