// How far everything is delivered.
#pragma once

#include <cstdint>

#include "plugins/aikido_activity_log/checkpoint.hpp"

namespace aikido {

// Of the backfill, 0..10000; unknown where there was none.
int32_t backfill_progress(const CheckpointData& data);
// The second before which everything is delivered that can still be expected: the backfill's
// position while it is open, else one late arrival window before the last late sweep's opening.
int64_t settled_before(const CheckpointData& data, int64_t window_s);

}  // namespace aikido
