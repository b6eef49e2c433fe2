// Which records of a page are delivered: those that the sweep owns and that nobody delivered yet.
#pragma once

#include <cstdint>

#include "plugins/aikido_activity_log/checkpoint.hpp"
#include "plugins/aikido_activity_log/collector.hpp"

namespace aikido {

// False where a checkpoint might not hold what `deliver` would remember of the page.
bool has_room(const CheckpointData& data, SweepKind kind, const Sweep& sweep, const Page& page);
// True after too many pages in a row, not empty, without a new record.
bool is_barren(const CheckpointData& data, SweepKind kind, const Sweep& sweep, const Page& page);

// Remembers what it delivers, in `data.live` or `data.past`, and marks the sweep as moved where a
// record of an earlier page of this pass shows again in the backfill. `now_ns` is the server's time
// of the answer.
Accepted deliver(CheckpointData& data, SweepKind kind, Sweep& sweep, const Page& page,
                 int64_t now_ns);

}  // namespace aikido
