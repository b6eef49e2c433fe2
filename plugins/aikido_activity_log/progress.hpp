// How far everything is delivered.
#pragma once

#include <cstdint>

#include "plugins/aikido_activity_log/checkpoint.hpp"

namespace aikido {

// Seconds of a window that are read with `page`, where that shows an order of time, in either
// direction; else 0, for then nobody knows before the window's end. Never all of it.
int64_t read_of_window(const Sweep& sweep, const Page& page);
// The share of the backfill's range of time that is read, 0..10000; unknown where there was none.
// `window_read_s`: of its open window.
int32_t backfill_progress(const CheckpointData& data, int64_t window_read_s);
// The second before which everything is delivered that can still be expected: the backfill's
// position while it is open, else one late arrival window before the last late sweep's opening.
int64_t settled_before(const CheckpointData& data, int64_t window_s);

}  // namespace aikido
