#include "host_sim/status/pipelines_json.hpp"

#include <date/date.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "host_sim/status/figures.hpp"
#include "host_sim/status/state_of_health.hpp"
#include "host_sim/told_position.hpp"

namespace host::status {
namespace {

using nlohmann::ordered_json;

constexpr int64_t kNsPerMs = 1'000'000;

ordered_json lag_of(int64_t lag_ns) {
  return lag_ns < 0 ? ordered_json() : ordered_json(lag_ns / kNsPerSecond);
}

ordered_json time_text(int64_t ns) {
  if (ns == CONNECTOR_TIME_UNKNOWN) return {};
  const date::sys_time<std::chrono::milliseconds> time{std::chrono::milliseconds(ns / kNsPerMs)};
  return date::format("%FT%TZ", time);
}

ordered_json time_text(const std::optional<int64_t>& seconds) {
  return seconds ? time_text(*seconds * kNsPerSecond) : ordered_json();
}

ordered_json ranges_of(const std::vector<Metric>& metrics) {
  ordered_json all = ordered_json::array();
  for (const auto& [name, start_s, done_s, end_s] : position_of(metrics).ranges)
    all.push_back({{"name", name},
                   {"start", time_text(start_s)},
                   {"done", time_text(done_s)},
                   {"end", time_text(end_s)}});
  return all;
}

ordered_json waits_of(const PipelineStatus& status) {
  ordered_json waits;
  for (size_t reason = CONNECTOR_WAIT_IDLE; reason < status.waits.size(); ++reason)
    waits[std::string(wait_name(reason))] = {{"times", status.waits[reason].times},
                                             {"seconds", in_seconds(status.waits[reason].ns)}};
  return waits;
}

// As `state show` has it.
ordered_json last_error_of(const PipelineStatus& status) {
  if (status.last_error.empty()) return {};
  return {{"time", time_text(status.last_error_ns)},
          {"text", status.last_error},
          {"delivered_since", status.delivered_since()}};
}

ordered_json metrics_of(const std::vector<Metric>& metrics) {
  ordered_json all = ordered_json::array();
  for (const auto& [key, kind, value] : metrics)
    all.push_back({{"name", key.name}, {"labels", key.labels}, {"value", value}});
  return all;
}

ordered_json last_hour_of(const std::deque<Point>& points) {
  ordered_json hour = {{"time", ordered_json::array()},
                       {"records", ordered_json::array()},
                       {"lag_seconds", ordered_json::array()}};
  for (const Point& point : points) {
    hour["time"].push_back(in_seconds(point.time_ns / kNsPerMs * kNsPerMs));
    hour["records"].push_back(point.records);
    hour["lag_seconds"].push_back(lag_of(point.lag_ns));
  }
  return hour;
}

ordered_json json_of(const PipelineSnapshot& pipeline, const std::deque<Point>& points) {
  const PipelineStatus& status = pipeline.status;
  const ordered_json progress =
      status.progress < 0 ? ordered_json() : ordered_json(as_ratio(status.progress));
  return {{"name", status.name},
          {"state", to_text(status.health)},
          {"well", is_well(status)},
          {"reason", status.reason},
          {"since", time_text(status.since_ns)},
          {"records", status.committed},
          {"lag_seconds", lag_of(status.lag_ns)},
          {"watermark", time_text(status.watermark_ns)},
          {"progress", progress},
          {"ranges", ranges_of(pipeline.metrics)},
          {"notice", status.notice},
          {"last_error", last_error_of(status)},
          {"waits", waits_of(status)},
          {"commits",
           {{"times", status.commits},
            {"seconds", in_seconds(status.commit_ns)},
            {"queued", status.commits_queued}}},
          {"metrics", metrics_of(pipeline.metrics)},
          {"last_hour", last_hour_of(points)}};
}

}  // namespace

std::string pipelines_json(int64_t now_ns, const std::vector<PipelineSnapshot>& pipelines,
                           const History& history) {
  ordered_json all = {{"time", time_text(now_ns)}, {"pipelines", ordered_json::array()}};
  for (const PipelineSnapshot& pipeline : pipelines)
    all["pipelines"].push_back(json_of(pipeline, history.of(pipeline.status.name)));
  return all.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace host::status
