#include "host_sim/commands/forecast.hpp"

#include <date/date.h>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace host::commands {
namespace {

constexpr double kSecondNs = 1e9;
constexpr double kLeastPart = 0.1;               // of the range; a sample of less says little
constexpr int64_t kYear10000 = 253'402'300'800;  // Unix seconds

std::string moment(int64_t unix_s) {
  return date::format("%FT%TZ", date::sys_seconds(std::chrono::seconds(unix_s)));
}

// To two digits, for it is an estimate.
std::string two_digits(double value) {
  if (value < 1) return "1";
  const double unit = std::pow(10, std::max(std::floor(std::log10(value)) - 1, 0.0));
  return std::to_string(std::llround(value / unit) * std::llround(unit));
}

std::string poll_rate(const ToldGauges& run) {
  const auto seconds = run.value("poll_interval_seconds");
  return seconds ? ", asked for every " + std::to_string(*seconds) + " s" : "";
}

double requests_for(double records, const ToldGauges& run, const Sample& sample) {
  const double each = static_cast<double>(
      run.value("records_per_request").value_or(static_cast<int64_t>(sample.largest_batch())));
  return std::ceil(std::max(records / std::max(each, 1.0), 1.0));
}

std::string time_for(double requests, int64_t interval_ns) {
  if (interval_ns == 0) return ", as fast as they go, for no pace is kept";
  const double interval_s = static_cast<double>(interval_ns) / kSecondNs;
  return ", " + rough_span(requests * interval_s) + " at " + two_digits(60 / interval_s) +
         " requests a minute";
}

std::string cost(const ToldGauges& run, const Sample& sample, int64_t range_s,
                 int64_t interval_ns) {
  const std::optional<double> density = sample.density();
  if (!density)
    return "how many records and requests that takes cannot be estimated: the preview saw too few "
           "records with times";
  const double records = *density * static_cast<double>(range_s);
  const bool is_small = sample.seconds() < kLeastPart * static_cast<double>(range_s);
  const double requests = requests_for(records, run, sample);
  return "that is about " + two_digits(records) + " records in " + two_digits(requests) +
         " requests" + time_for(requests, interval_ns) + " (an estimate, " +
         (is_small ? "which may be far off: " : "") + "from " + std::to_string(sample.records()) +
         " records within " + rough_span(sample.seconds()) + ")";
}

}  // namespace

std::string rough_span(double seconds) {
  constexpr std::pair<double, const char*> kUnits[] = {
      {86'400, " days"}, {3600, " h"}, {60, " min"}};
  for (const auto& [unit, name] : kUnits)
    if (seconds >= 2 * unit) return two_digits(seconds / unit) + name;
  return two_digits(seconds) + " s";
}

std::optional<int64_t> ToldGauges::edge(const std::string& edge, const std::string& range) const {
  const auto time_s = value("range_" + edge + "_timestamp_seconds", "range=" + range);
  return time_s && *time_s >= 0 && *time_s < kYear10000 ? time_s : std::nullopt;
}

std::optional<int64_t> ToldGauges::value(std::string_view name, std::string_view labels) const {
  const auto found = std::find_if(metrics_.begin(), metrics_.end(), [&](const Metric& metric) {
    return metric.key.name == name && metric.key.labels == labels;
  });
  if (found == metrics_.end()) return std::nullopt;
  return found->value;
}

void Sample::add(const std::vector<int64_t>& times_ns) {
  if (times_ns.empty()) return;
  const auto [first, last] = std::minmax_element(times_ns.begin(), times_ns.end());
  records_ += times_ns.size();
  counted_ += times_ns.size() - 1;
  largest_batch_ = std::max(largest_batch_, times_ns.size());
  seconds_ += (static_cast<double>(*last) - static_cast<double>(*first)) / kSecondNs;
}

void Sample::complete(int64_t range_s) {
  counted_ = records_;
  seconds_ = static_cast<double>(range_s);
}

void Sample::include(const Sample& other) {
  records_ += other.records_;
  counted_ += other.counted_;
  largest_batch_ = std::max(largest_batch_, other.largest_batch_);
  seconds_ += other.seconds_;
}

std::optional<double> Sample::density() const {
  if (counted_ == 0 || seconds_ < 1) return std::nullopt;
  return static_cast<double>(counted_) / seconds_;
}

std::vector<std::string> forecast(const ToldGauges& run, const Sample& sample,
                                  int64_t interval_ns) {
  const auto end = run.edge("end", "backfill");
  const auto from = run.edge("done", "backfill");
  const auto live = run.edge("start", "live");
  if (end && from && *from < *end)
    return {"a full run would read from " + moment(*from) + " to " + moment(*end) + " (" +
                rough_span(static_cast<double>(*end - *from)) + "), and all that is newer" +
                poll_rate(run),
            cost(run, sample, *end - *from, interval_ns)};
  if (end && from)
    return {"a run would read new records alone, for the past is read already" + poll_rate(run)};
  if (live)
    return {"a run would read new records alone, from " + moment(*live) + " on" + poll_rate(run)};
  return {"what a full run would fetch is not known: its plugin tells no range of time"};
}

}  // namespace host::commands
