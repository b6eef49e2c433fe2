#include "host_sim/status/metrics_text.hpp"

#include <prometheus/text_serializer.h>

#include <set>

#include "host_sim/status/figures.hpp"
#include "host_sim/status/metric_families.hpp"
#include "plugin_api/connector_plugin.h"

namespace host::status {
namespace {

constexpr PipelineHealth kStates[] = {PipelineHealth::kPending,  PipelineHealth::kInitializing,
                                      PipelineHealth::kRunning,  PipelineHealth::kThrottled,
                                      PipelineHealth::kErroring, PipelineHealth::kStopped};

void add_host(MetricFamilies& families, const HostFigures& host) {
  const CommitCounts& commits = host.commits;
  families.histogram("schedule_delay_seconds", host.schedule_delays);
  families.counter("commit_groups_total", {{"synced", "yes"}},
                   static_cast<double>(commits.synced_groups));
  families.counter("commit_groups_total", {{"synced", "no"}},
                   static_cast<double>(commits.groups - commits.synced_groups));
  families.counter("output_syncs_total", {}, static_cast<double>(commits.output_syncs));
}

void add_waits(MetricFamilies& families, const PipelineStatus& status) {
  for (size_t reason = CONNECTOR_WAIT_IDLE; reason < status.waits.size(); ++reason) {
    const WaitCount& count = status.waits[reason];
    const MetricFamilies::Labels labels = {{"pipeline", status.name},
                                           {"reason", std::string(wait_name(reason))}};
    families.counter("waits_total", labels, static_cast<double>(count.times));
    families.counter("wait_seconds_total", labels, in_seconds(count.ns));
  }
}

void add_status(MetricFamilies& families, const PipelineStatus& status) {
  const MetricFamilies::Labels its = {{"pipeline", status.name}};
  for (const PipelineHealth state : kStates)
    families.gauge("pipeline_state",
                   {{"pipeline", status.name}, {"state", std::string(to_text(state))}},
                   state == status.health ? 1 : 0);
  families.counter("committed_records_total", its, static_cast<double>(status.committed));
  if (status.lag_ns >= 0) families.gauge("lag_seconds", its, in_seconds(status.lag_ns));
  if (status.watermark_ns != CONNECTOR_TIME_UNKNOWN)
    families.gauge("watermark_timestamp_seconds", its, in_seconds(status.watermark_ns));
  if (status.progress >= 0)
    families.gauge("backfill_progress_ratio", its, as_ratio(status.progress));
  families.summary("commit_duration_seconds", its, status.commits, in_seconds(status.commit_ns));
  families.gauge("commit_queue", its, static_cast<double>(status.commits_queued));
  add_waits(families, status);
}

// Whatever two pipelines' plugins count by one name is of one type: the first one's.
void add_metric(MetricFamilies& families, const std::string& pipeline, const Metric& metric) {
  MetricFamilies::Labels labels = read_labels(metric.key.labels);
  labels["pipeline"] = pipeline;
  const std::string name = fit_name(metric.key.name);
  if (metric.kind == CONNECTOR_METRIC_GAUGE)
    families.gauge(name, labels, static_cast<double>(metric.value));
  else
    families.counter(name, labels, static_cast<double>(metric.value));
}

}  // namespace

std::string metrics_text(const Snapshot& snapshot) {
  MetricFamilies families;
  add_host(families, snapshot.host);
  for (const auto& [status, metrics] : snapshot.pipelines) add_status(families, status);
  const std::set<std::string> own = families.names();
  for (const auto& [status, metrics] : snapshot.pipelines)
    for (const Metric& metric : metrics)
      if (!own.contains(fit_name(metric.key.name))) add_metric(families, status.name, metric);
  return prometheus::TextSerializer().Serialize(families.families());
}

}  // namespace host::status
