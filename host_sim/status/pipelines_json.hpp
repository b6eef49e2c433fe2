// /api/pipelines: what the page shows, for programs.
//   {"time": "2026-01-01T12:00:00.000Z",
//    "pipelines": [{
//      "name", "state", "well": true or false, "reason", "since",
//      "records": committed so far, "lag_seconds", "watermark", "progress": 0 to 1,
//      "ranges": [{"name": "backfill", "start", "done", "end"}], end null: open; all before done
//        is read, and progress counts what is known to be read behind it, too
//      "notice", "last_error": {"time", "text", "delivered_since": true or false},
//      "waits": {"idle": {"times", "seconds"}, ...},
//      "commits": {"times", "seconds", "queued"},
//      "metrics": [{"name", "labels", "value"}],
//      "last_hour": {"time": [Unix seconds], "records": [], "lag_seconds": []}}]}
// Times are ISO 8601 in UTC; what is unknown is null.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host_sim/status/history.hpp"
#include "host_sim/status/snapshot.hpp"

namespace host::status {

std::string pipelines_json(int64_t now_ns, const std::vector<PipelineSnapshot>& pipelines,
                           const History& history);

}  // namespace host::status
