// What must hold in every world. Each law looks at a history and at nothing else, so that a test
// can doctor one and see it noticed.
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
// The checkpoint stays below 4 MiB, and below what the window's records need.
Breach the_checkpoint_stays_small(const History& history);
// The watermark passes nothing that can still be expected, and it ends after the span.
Breach the_watermark_is_true(const History& history);
// A run after all was over catches up and says so.
Breach the_last_run_catches_up(const History& history);

}  // namespace simulation
