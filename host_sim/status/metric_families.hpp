// Series gathered by their name, as the exposition wants them.
#pragma once

#include <prometheus/metric_family.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "host_sim/schedule_delays.hpp"

namespace host::status {

// One thread.
class MetricFamilies {
 public:
  using Labels = std::map<std::string, std::string>;

  // `name` without the prefix. The first one decides the type of a family, and of two with the same
  // labels the last one stays: Prometheus takes nothing at all from a page that says a thing twice.
  void counter(const std::string& name, const Labels& labels, double value);
  void gauge(const std::string& name, const Labels& labels, double value);
  void summary(const std::string& name, const Labels& labels, int64_t count, double sum);
  void histogram(const std::string& name, const ScheduleDelays& delays);

  // Of all samples so far.
  std::set<std::string> names() const;
  // In the order of their names.
  std::vector<prometheus::MetricFamily> families() const;

 private:
  struct Family {
    prometheus::MetricType type = prometheus::MetricType::Untyped;
    std::map<Labels, prometheus::ClientMetric> metrics;
  };
  prometheus::ClientMetric& at(const std::string& name, prometheus::MetricType type,
                               const Labels& labels);

  std::map<std::string, Family> families_;
};

// A name or label as Prometheus allows it: letters, digits and _, not a digit first.
std::string fit_name(std::string_view name);

// "key=value,key=value" of a plugin; what is none of that is left out.
MetricFamilies::Labels read_labels(std::string_view text);

}  // namespace host::status
