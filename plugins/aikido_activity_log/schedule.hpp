// When each sweep is due, where it begins, and whose turn the next request is.
#pragma once

#include <cstdint>
#include <optional>

#include "plugins/aikido_activity_log/checkpoint.hpp"
#include "plugins/aikido_activity_log/collector.hpp"

namespace aikido {

// What a run of the host that ends when it is caught up still has to do.
struct Run {
  bool late_begun = false;  // a late sweep to now was begun in this run ..
  bool late_done = false;   // .. and has reached its end; it served as the fresh one, too
};

// A view of the present moment; its parts outlive it. One thread.
class Schedule {
 public:
  Schedule(const CollectorSettings& settings, const CheckpointData& data, const Run& run,
           int64_t now_ns);

  // The kind whose request is next, or nothing when all is done until idle_until_ns.
  std::optional<SweepKind> turn() const;
  int64_t idle_until_ns() const;
  // A sweep of this kind as it opens now.
  Sweep plan(SweepKind kind) const;

  // From one opening to the next: as set, but longer while a backfill is open and the late sweeps
  // would take more than half of the pace from it.
  int64_t late_interval_ns() const;
  // After an outage: what is overdue is read in windows, and only then up to now.
  bool catching_up() const;
  // No live sweep, neither an open one nor a later one, shows a record before this second.
  int64_t remember_from_s() const;

 private:
  bool winds_up() const;
  bool may_open_live() const;
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
