// What follows from a sweep that has reached the end of its list: how far everything is delivered,
// and what may be forgotten.
#pragma once

#include "plugins/aikido_activity_log/checkpoint.hpp"
#include "plugins/aikido_activity_log/collector.hpp"

namespace aikido {

// `sweep` is no longer among the open ones. `window_s` is the late arrival window. With `for_now`,
// the end of a fresh sweep is only probable, so that nothing may rest on it.
void end_fresh(CheckpointData& data, const Sweep& sweep, bool for_now);
void end_late(CheckpointData& data, const Sweep& sweep, int64_t window_s, int64_t now_ns);
void end_backfill_window(CheckpointData& data, const Sweep& sweep, int64_t now_ns);

// What was read to the end when everything older than `window_s` had been visible is settled. Where
// the window became smaller, that is more than before: then true, and ids can be forgotten.
bool settle(CheckpointData& data, int64_t window_s);

// Bytes of ids, in their persisted form, since the sweep opened.
int64_t grown(const SeenIds& seen, const Sweep& sweep);

// A window holds more than may be remembered at once: read it in smaller ones. What it delivered
// stays remembered.
void narrow(CheckpointData& data, SweepKind kind, const Sweep& sweep);

// Forgets the live ids that no live sweep can meet again: those before `floor_s`.
void forget(CheckpointData& data, int64_t floor_s);

}  // namespace aikido
