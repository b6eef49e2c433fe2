// Which records of a page are delivered: those that the sweep owns and that nobody delivered yet.
#pragma once

#include <cstdint>

#include "plugins/aikido_activity_log/checkpoint.hpp"
#include "plugins/aikido_activity_log/collector.hpp"

namespace aikido {

// What `deliver` would do with a page.
struct Prospect {
  bool brings_new = false;
  size_t most_texts = 0;    // bytes that the remembered ids may grow by ..
  size_t most_encoded = 0;  // .. and their persisted form
};
Prospect prospect(const CheckpointData& data, SweepKind kind, const Sweep& sweep, const Page& page);

// False where a checkpoint might not hold it.
bool has_room(const CheckpointData& data, const Prospect& brings);
// True after too many pages in a row, not empty, without a new record.
bool is_barren(const CheckpointData& data, SweepKind kind, const Sweep& sweep,
               const Prospect& brings);

// Remembers what it delivers, in `data.live` or `data.past`, and marks the sweep as moved where a
// record of an earlier page of this pass shows again in the backfill. `now_ns` is the server's time
// of the answer.
Accepted deliver(CheckpointData& data, SweepKind kind, Sweep& sweep, const Page& page,
                 int64_t now_ns);

}  // namespace aikido
