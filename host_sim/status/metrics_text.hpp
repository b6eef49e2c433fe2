// /metrics: everything that is counted, as Prometheus reads it (text exposition 0.0.4). Each name
// begins with connector_. Of the host as a whole:
//   connector_schedule_delay_seconds         histogram: from when a turn was due until it began
//   connector_commit_groups_total{synced}    transactions; "yes": they waited for the disk
//   connector_output_syncs_total
// and, each with the label `pipeline`:
//   connector_pipeline_state{state}          1 for the state that it is in, 0 for each other one
//   connector_records_total                  delivered by this process, repeats after a failure too
//   connector_committed_records_total        that a crash cannot take back, over all runs
//   connector_lag_seconds                    now less the watermark, where there is one
//   connector_watermark_timestamp_seconds    before it all is delivered that can be expected
//   connector_backfill_progress_ratio        0 to 1, where there is a backfill
//   connector_waits_total{reason}, connector_wait_seconds_total{reason}
//   connector_failures_total{class}
//   connector_commit_duration_seconds        _sum and _count: from the write of a batch on
//   connector_commit_queue                   batches that are written, and not committed yet
// and what the plugin counts, by its names.
#pragma once

#include <string>

#include "host_sim/status/snapshot.hpp"

namespace host::status {

// A plugin's names and labels are made fit; one that is the host's own is left out.
std::string metrics_text(const Snapshot& snapshot);

}  // namespace host::status
