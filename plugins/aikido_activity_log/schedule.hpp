// When each sweep is due, where it begins, and whose turn the next request is.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "plugins/aikido_activity_log/checkpoint.hpp"
#include "plugins/aikido_activity_log/collector.hpp"

namespace aikido {

// A kind of sweep whose last answers were errors. It rests, so that the others have their turns.
struct Trouble {
  int64_t times = 0;      // in a row; 0: none
  int64_t since_ns = 0;   // the first of them
  int64_t failed_ns = 0;  // the last one, after which it rests for
  int64_t rest_ns = 0;
  Status status = Status::kTransient;
  std::string text;
};

// What is known of this run alone, and gone with it.
struct Run {
  // Where it ends when it is caught up:
  bool late_begun = false;  // a late sweep to now was begun in this run ..
  bool late_done = false;   // .. and has reached its end; it served as the fresh one, too

  int64_t window_read_s = 0;  // of the backfill's open window
  int32_t told_progress = CONNECTOR_PROGRESS_UNKNOWN;

  std::array<Trouble, 3> troubles = {};  // by SweepKind
  Trouble& trouble(SweepKind kind) { return troubles[static_cast<size_t>(kind)]; }
  const Trouble& trouble(SweepKind kind) const { return troubles[static_cast<size_t>(kind)]; }
};

// A view of the present moment; its parts outlive it. One thread.
class Schedule {
 public:
  Schedule(const CollectorSettings& settings, const CheckpointData& data, const Run& run,
           int64_t now_ns);

  // The kind whose request is next, or nothing when all is done until idle_until_ns.
  std::optional<SweepKind> turn() const;
  int64_t idle_until_ns() const;
  // Something is to be asked, but rests after an error.
  bool held_back() const;
  // Every kind that is still to be read was last answered with this error.
  bool all_in_trouble(Status status) const;
  // A sweep of this kind as it opens now.
  Sweep plan(SweepKind kind) const;

  // From one opening to the next: as set, but longer while a backfill is open and the late sweeps
  // would take more than half of the pace from it.
  int64_t late_interval_ns() const;
  // After an outage: what is overdue is read in windows, and only then up to now.
  bool catching_up() const;
  // The open late sweep began under a greater late arrival window: now it would be read in windows.
  bool late_is_outgrown() const;
  // No live sweep, neither an open one nor a later one, shows a record before this second.
  int64_t remember_from_s() const;

 private:
  int64_t stretched_interval_ns() const;
  bool in_trouble(SweepKind kind) const { return run_.trouble(kind).times > 0; }
  int64_t due_ns(SweepKind kind) const;
  int64_t rests_until_ns(SweepKind kind) const;
  bool wants_turn(SweepKind kind) const;
  bool winds_up() const;
  int64_t first_allowed_s() const;
  int64_t fresh_from_s() const;
  int64_t late_from_s() const;
  int64_t fresh_due_ns() const;
  int64_t late_due_ns() const;

  const CollectorSettings& settings_;
  const CheckpointData& data_;
  const Run& run_;
  int64_t now_ns_;
  int64_t now_s_;
  int64_t window_s_;
};

}  // namespace aikido
