#include "host_sim/status/metric_families.hpp"

#include <algorithm>
#include <limits>

#include "host_sim/status/figures.hpp"

namespace host::status {
namespace {

constexpr const char* kPrefix = "connector_";

const std::map<std::string_view, const char*> kHelp = {
    {"backfill_progress_ratio", "Share of the backfill that is delivered"},
    {"bytes_total", "Bytes of the service's answers, inflated"},
    {"commit_duration_seconds", "From the write of a batch until it is committed"},
    {"commit_groups_total", "Transactions of the state, and whether they waited for the disk"},
    {"commit_queue", "Batches that are written and not committed yet"},
    {"committed_records_total", "Records that a crash cannot take back, over all runs"},
    {"failures_total", "Failures of a step, by class"},
    {"greatest_lateness_seconds", "Of a late record, behind its time"},
    {"lag_seconds", "Now less the watermark"},
    {"late_check_interval_seconds", "Between two looks for late records, as it is set"},
    {"late_records_total", "Records that surfaced behind what had been read"},
    {"late_sweep_timestamp_seconds", "When the last complete look for late records began"},
    {"output_syncs_total", "Times that an output file was made durable"},
    {"pipeline_state", "1 for the state that the pipeline is in"},
    {"poll_interval_seconds", "Between two looks for new records, as it is set"},
    {"range_done_timestamp_seconds", "To where a range of time is read"},
    {"range_end_timestamp_seconds", "Where a range of time ends"},
    {"range_start_timestamp_seconds", "Where a range of time begins"},
    {"rate_limited_total", "Requests that the service answered with 429"},
    {"records_per_request", "The most that one request brings"},
    {"records_total", "Records delivered to the output by this process"},
    {"remembered_ids", "Ids of delivered records that the plugin remembers"},
    {"repeats_dropped_total", "Records that were shown again"},
    {"requests_total", "Requests, by kind and outcome"},
    {"schedule_delay_seconds", "From when a pipeline's turn was due until it began"},
    {"wait_seconds_total", "Seconds that were waited, by reason"},
    {"waits_total", "Waits, by reason"},
    {"watermark_timestamp_seconds", "Before it all is delivered that can be expected"},
};

bool is_fit(char letter, bool first) {
  const bool is_letter =
      (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || letter == '_';
  return is_letter || (!first && letter >= '0' && letter <= '9');
}

}  // namespace

std::string fit_name(std::string_view name) {
  std::string fit(name);
  for (size_t i = 0; i < fit.size(); ++i)
    if (!is_fit(fit[i], i == 0)) fit[i] = '_';
  return fit;
}

MetricFamilies::Labels read_labels(std::string_view text) {
  MetricFamilies::Labels labels;
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    const size_t equals = pair.find('=');
    if (equals == std::string_view::npos || equals == 0) continue;
    const std::string key = fit_name(pair.substr(0, equals));
    if (!key.starts_with("__")) labels[key] = pair.substr(equals + 1);
  }
  return labels;
}

void MetricFamilies::counter(const std::string& name, const Labels& labels, double value) {
  prometheus::ClientMetric& metric = at(name, prometheus::MetricType::Counter, labels);
  metric.counter.value = metric.gauge.value = value;
}

void MetricFamilies::gauge(const std::string& name, const Labels& labels, double value) {
  prometheus::ClientMetric& metric = at(name, prometheus::MetricType::Gauge, labels);
  metric.counter.value = metric.gauge.value = value;
}

void MetricFamilies::summary(const std::string& name, const Labels& labels, int64_t count,
                             double sum) {
  auto& summary = at(name, prometheus::MetricType::Summary, labels).summary;
  summary.sample_count = static_cast<uint64_t>(count);
  summary.sample_sum = sum;
}

void MetricFamilies::histogram(const std::string& name, const ScheduleDelays& delays) {
  auto& histogram = at(name, prometheus::MetricType::Histogram, {}).histogram;
  histogram = {};
  for (size_t i = 0; i < delays.counts.size(); ++i) {
    histogram.sample_count += static_cast<uint64_t>(delays.counts[i]);
    const bool last = i == ScheduleDelays::kBounds.size();
    histogram.bucket.push_back(
        {histogram.sample_count,
         last ? std::numeric_limits<double>::infinity() : in_seconds(ScheduleDelays::kBounds[i])});
  }
  histogram.sample_sum = in_seconds(delays.sum_ns);
}

prometheus::ClientMetric& MetricFamilies::at(const std::string& name, prometheus::MetricType type,
                                             const Labels& labels) {
  Family& family = families_[name];
  if (family.metrics.empty()) family.type = type;
  prometheus::ClientMetric& metric = family.metrics[labels];
  metric.label.clear();
  for (const auto& [key, value] : labels) metric.label.push_back({key, value});
  return metric;
}

std::set<std::string> MetricFamilies::names() const {
  std::set<std::string> names;
  for (const auto& [name, family] : families_) {
    names.insert(name);
    if (family.type == prometheus::MetricType::Summary)
      names.insert({name + "_sum", name + "_count"});
    if (family.type == prometheus::MetricType::Histogram)
      names.insert({name + "_bucket", name + "_sum", name + "_count"});
  }
  return names;
}

std::vector<prometheus::MetricFamily> MetricFamilies::families() const {
  std::vector<prometheus::MetricFamily> all;
  for (const auto& [name, family] : families_) {
    const auto help = kHelp.find(name);
    prometheus::MetricFamily& written = all.emplace_back();
    written.name = kPrefix + name;
    written.help = help == kHelp.end() ? "Of the plugin" : help->second;
    written.type = family.type;
    for (const auto& [labels, metric] : family.metrics) written.metric.push_back(metric);
  }
  return all;
}

}  // namespace host::status
