// What must hold in every world. Each law looks at a history and at nothing else, so that a test
// can doctor one and see it noticed. Where two pipelines share the pace, what is worked out from
// the requests of one alone is not asked: how many and how soon, and which failure was whose.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/simulation/history.hpp"

namespace simulation {

// How the law was broken, on one line and with the numbers; nothing where it holds.
using Breach = std::optional<std::string>;

struct Law {
  const char* name;
  Breach (*check)(const History& history);
};

const std::vector<Law>& laws();
// "law: how", of the first that is broken.
Breach check_all(const History& history);

// Each record at or after the origin that surfaced within the window is in the output: once in a
// file, at least once on stdout.
Breach every_record_is_delivered(const History& history);
// Nothing else is, byte for byte, and in a file nothing twice.
Breach nothing_else_is_delivered(const History& history);
// What a commit claims was durable in the output before it.
Breach no_commit_passes_the_output(const History& history);
// Our requests lie an interval apart, whatever happened between them, so that at the default pace
// no rolling minute has more than 19 of the 20 that the vendor allows.
Breach requests_keep_the_pace(const History& history);
// Where nothing was wrong, they are within 1.1 of the least that the rules of sweeps need.
Breach requests_are_few(const History& history);
// A list is read page after page within the bounds that it was opened with.
Breach lists_keep_their_bounds(const History& history);
// However much is live and late, the backfill goes on.
Breach the_backfill_has_its_share(const History& history);
// Live and late records arrive within the design's bounds, while the tenant is below the rate that
// they are promised for and nothing is wrong.
Breach records_are_on_time(const History& history);
// The checkpoint stays below 4 MiB, and the process below what its pages need.
Breach memory_stays_small(const History& history);
// After a failed request, and after a write or a commit that the disk refused, health is Erroring,
// Throttled or Stopped, with a reason, until something succeeds.
Breach health_shows_failures(const History& history);
// After a page has come, and nothing is wrong, it is Running, without one.
Breach health_is_green_when_all_is_well(const History& history);
// What is over is made up for within the time that the host's waits add up to.
Breach troubles_are_recovered_from(const History& history);
// Running without a notice means that late records were looked for not long ago.
Breach health_is_not_green_behind_late_records(const History& history);
// The watermark passes nothing that can still be expected, and it ends after the span.
Breach the_watermark_is_true(const History& history);
// A run after all was over catches up and says so.
Breach the_last_run_catches_up(const History& history);

}  // namespace simulation
