#include "host_sim/commands/forecast.hpp"

#include <date/date.h>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace host::commands {
namespace {

constexpr const char* kLateSweep = "late_sweep_timestamp_seconds";
constexpr double kSecondNs = 1e9;
constexpr double kLeastPart = 0.1;               // of the range; a sample of less says little
constexpr double kAlike = 2;                     // the most by which two densities may differ
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

// "about 1 record", "2 to 45 requests": by what is said last.
std::string of(const std::string& digits, const char* what) {
  return digits + " " + what + (digits == "1" ? "" : "s");
}

std::string poll_rate(const ToldGauges& run) {
  const auto seconds = run.value("poll_interval_seconds");
  return seconds ? ", asked for every " + std::to_string(*seconds) + " s" : "";
}

struct Range {
  int64_t from_s;
  int64_t end_s;
};

// How many records, by all that was seen; at least and at most by where it was least and most.
struct Estimate {
  double least;
  double about;
  double most;
  bool is_wide() const { return most > kAlike * least; }
};

// What was read to its end and is empty says nothing of what lies behind it. The records may begin
// with the first that was seen, or where nothing was read yet.
Estimate estimate_of(const Seen& seen, double all, const Range& range) {
  const double newest = seen.newest.density().value_or(all);
  const std::optional<double> beginning = seen.beginning.density();
  const double empty_s = seen.beginning.empty_seconds(range.from_s, range.end_s) +
                         seen.newest.empty_seconds(range.from_s, range.end_s);
  const double range_s = std::max(static_cast<double>(range.end_s - range.from_s) - empty_s, 1.0);
  double least_s = range_s;
  if (const auto first_s = seen.beginning.first_s(); beginning && first_s)
    least_s = std::clamp(static_cast<double>(range.end_s - *first_s), 1.0, range_s);
  const double other = beginning.value_or(all);
  return {std::min(newest, other) * least_s, all * range_s, std::max(newest, other) * range_s};
}

double requests_for(double records, const ToldGauges& run, const Sample& sample) {
  const double each = static_cast<double>(
      run.value("records_per_request").value_or(static_cast<int64_t>(sample.largest_batch())));
  return std::ceil(std::max(records / std::max(each, 1.0), 1.0));
}

std::string time_for(double least, double most, int64_t interval_ns) {
  if (interval_ns == 0) return ", as fast as they go, for no pace is kept";
  const double interval_s = static_cast<double>(interval_ns) / kSecondNs;
  const std::string longest = rough_span(most * interval_s);
  const std::string shortest = rough_span(least * interval_s);
  return ", " + (shortest == longest ? "" : shortest + " to ") + longest + " at " +
         two_digits(60 / interval_s) + " requests a minute";
}

std::string between(double least, double most, const char* join) {
  return two_digits(least) + join + two_digits(most);
}

std::string amount(const Estimate& estimate, bool as_range, const ToldGauges& run,
                   const Sample& all, int64_t interval_ns) {
  if (!as_range) {
    const double requests = requests_for(estimate.about, run, all);
    return "about " + of(two_digits(estimate.about), "record") + " in " +
           of(two_digits(requests), "request") + time_for(requests, requests, interval_ns);
  }
  const double least = requests_for(estimate.least, run, all);
  const double most = requests_for(estimate.most, run, all);
  return "between " + between(estimate.least, estimate.most, " and ") + " records in " +
         between(least, most, " to ") + " requests" + time_for(least, most, interval_ns);
}

std::string cost(const ToldGauges& run, const Seen& seen, const Range& range, int64_t interval_ns) {
  Sample all = seen.newest;
  all.include(seen.beginning);
  const std::optional<double> density = all.density();
  if (!density)
    return "how many records and requests that takes cannot be estimated: the preview saw too few "
           "records with times";
  const Estimate estimate = estimate_of(seen, *density, range);
  const bool is_small =
      all.seconds() < kLeastPart * static_cast<double>(range.end_s - range.from_s);
  // Two places far from each other that are alike speak for what lies between them.
  const bool two_places = seen.newest.density() && seen.beginning.density();
  const bool may_be_off = is_small && (!two_places || estimate.is_wide());
  return "that is " + amount(estimate, is_small && estimate.is_wide(), run, all, interval_ns) +
         " (an estimate, " + (may_be_off ? "which may be far off: " : "") + "from " +
         of(std::to_string(all.records()), "record") + " within " + rough_span(all.seconds()) + ")";
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

void note_read(const ToldGauges& before, const ToldGauges& after, bool fresh, Sample& backfill,
               Sample& newest) {
  auto from_s = before.edge("done", "backfill");
  if (!from_s && fresh) from_s = after.edge("start", "backfill");
  if (const auto done_s = after.edge("done", "backfill"); done_s && from_s)
    backfill.complete(*from_s, *done_s);
  const auto live_s = after.edge("start", "live");
  const auto looked_s = after.value(kLateSweep);
  if (fresh && live_s && looked_s && looked_s > before.value(kLateSweep))
    newest.complete(*live_s, *looked_s);
}

std::vector<std::string> forecast(const ToldGauges& run, const Seen& seen, int64_t interval_ns) {
  const auto end = run.edge("end", "backfill");
  const auto from = run.edge("done", "backfill");
  const auto live = run.edge("start", "live");
  if (end && from && *from < *end)
    return {"a full run would read from " + moment(*from) + " to " + moment(*end) + " (" +
                rough_span(static_cast<double>(*end - *from)) + "), and all that is newer" +
                poll_rate(run),
            cost(run, seen, {*from, *end}, interval_ns)};
  if (end && from)
    return {"a run would read new records alone, for the past is read already" + poll_rate(run)};
  if (live)
    return {"a run would read new records alone, from " + moment(*live) + " on" + poll_rate(run)};
  return {"what a full run would fetch is not known: its plugin tells no range of time"};
}

}  // namespace host::commands
