#include "host_sim/commands/forecast.hpp"

#include <date/date.h>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace host::commands {
namespace {

constexpr int64_t kNsPerSecond = 1'000'000'000;

std::string moment(int64_t unix_s) {
  return date::format("%FT%TZ", date::sys_seconds(std::chrono::seconds(unix_s)));
}

// To two digits, for it is an estimate.
std::string two_digits(double value) {
  if (value < 1) return "1";
  const double unit = std::pow(10, std::max(std::floor(std::log10(value)) - 1, 0.0));
  return std::to_string(std::llround(value / unit) * std::llround(unit));
}

// In the largest unit of which there are two.
std::string rough_span(double seconds) {
  constexpr std::pair<double, const char*> kUnits[] = {
      {86'400, " days"}, {3600, " h"}, {60, " min"}};
  for (const auto& [unit, name] : kUnits)
    if (seconds >= 2 * unit) return two_digits(seconds / unit) + name;
  return two_digits(seconds) + " s";
}

std::string poll_rate(const ToldGauges& run) {
  const auto seconds = run.value("poll_interval_seconds");
  return seconds ? ", asked for every " + std::to_string(*seconds) + " s" : "";
}

std::string cost(const ToldGauges& run, const Sample& sample, int64_t range_s,
                 int64_t interval_ns) {
  const std::optional<double> density = sample.density();
  if (!density)
    return "how many records and requests that takes cannot be estimated: the preview saw too few "
           "records with times";
  const double records = *density * static_cast<double>(range_s);
  const double per_request = static_cast<double>(
      run.value("records_per_request").value_or(static_cast<int64_t>(sample.largest_batch())));
  const double requests = std::max(std::ceil(records / std::max(per_request, 1.0)), 1.0);
  const double interval_s = static_cast<double>(interval_ns) / kNsPerSecond;
  const std::string time = interval_ns == 0
                               ? "; how long they take is not known, for it keeps to no pace"
                               : ", " + rough_span(requests * interval_s) + " at " +
                                     two_digits(60 / interval_s) + " requests a minute";
  return "that is about " + two_digits(records) + " records in " + two_digits(requests) +
         " requests" + time + " (an estimate, from " + std::to_string(sample.records()) +
         " records within " + rough_span(static_cast<double>(sample.seconds())) + ")";
}

}  // namespace

std::optional<int64_t> ToldGauges::edge(const std::string& edge, const std::string& range) const {
  return value("range_" + edge + "_timestamp_seconds", "range=" + range);
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
  gaps_ += times_ns.size() - 1;
  largest_batch_ = std::max(largest_batch_, times_ns.size());
  span_ns_ += *last - *first;
}

void Sample::complete(int64_t range_s) { complete_s_ = range_s; }

int64_t Sample::seconds() const { return complete_s_ > 0 ? complete_s_ : span_ns_ / kNsPerSecond; }

std::optional<double> Sample::density() const {
  const size_t counted = complete_s_ > 0 ? records_ : gaps_;
  if (counted == 0 || seconds() == 0) return std::nullopt;
  return static_cast<double>(counted) / static_cast<double>(seconds());
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
  if (end)
    return {"a run would read new records alone, for the past is read already" + poll_rate(run)};
  if (live)
    return {"a run would read new records alone, from " + moment(*live) + " on" + poll_rate(run)};
  return {"what a full run would fetch is not known: its plugin tells no range of time"};
}

}  // namespace host::commands
