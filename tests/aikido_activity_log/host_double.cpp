#include "tests/aikido_activity_log/host_double.hpp"

#include <cstring>

namespace aikido {
namespace {

HostDouble& self(void* context) { return *static_cast<HostDouble*>(context); }

std::string key(connector_text name, connector_text labels) {
  return std::string(connector::view(name)) + "{" + std::string(connector::view(labels)) + "}";
}

void keep_log(void* context, int32_t, connector_text line) {
  self(context).log.emplace_back(connector::view(line));
}

int32_t lend(void* context, connector_text name, connector_secret* secret) {
  HostDouble& host = self(context);
  if (connector::view(name) != "client_secret" || !host.has_secret) return CONNECTOR_ERROR_AUTH;
  secret->value = connector::text(host.secret);
  ++host.loans;
  ++host.lent;
  return CONNECTOR_OK;
}

void keep_metric(void* context, int32_t kind, connector_text name, connector_text labels,
                 int64_t value) {
  HostDouble& host = self(context);
  if (kind == CONNECTOR_METRIC_GAUGE)
    host.gauges[key(name, labels)] = value;
  else
    host.counters[key(name, labels)] += value;
}

connector_text property(void* context, connector_text name) {
  return connector::text(self(context).properties[std::string(connector::view(name))]);
}

int64_t take_slot(void* context, connector_text name, int64_t interval_ns) {
  HostDouble& host = self(context);
  const std::string key(connector::view(name));
  host.intervals[key] = interval_ns;
  if (host.pace_wait_ns == 0) host.slots.push_back(key);
  return host.pace_wait_ns;
}

}  // namespace

HostDouble::HostDouble() {
  table_.size = sizeof table_;
  table_.context = this;
  table_.log = keep_log;
  table_.secret_acquire = lend;
  table_.secret_release = [](void* context, connector_secret*) { --self(context).loans; };
  table_.wall_clock = [](void* context) {
    return self(context).wall_ns + self(context).elapsed_ns();
  };
  table_.monotonic_clock = [](void* context) {
    return self(context).monotonic_ns + self(context).elapsed_ns();
  };
  table_.random = [](void* context, void* bytes, size_t size) {
    std::memcpy(bytes, &self(context).random_bits, size);
  };
  table_.metric = keep_metric;
  table_.property = property;
  table_.pace_acquire = take_slot;
  table_.pace_hold = [](void* context, connector_text, int64_t duration_ns) {
    self(context).holds.push_back(duration_ns);
  };
  table_.extension = [](void*, connector_text) -> const void* { return nullptr; };
}

std::string HostDouble::everything() const {
  std::string all;
  for (const std::string& line : log) all += line + '\n';
  for (const auto& [name, value] : counters) all += name + '\n';
  for (const auto& [name, value] : gauges) all += name + '\n';
  for (const std::string& slot : slots) all += slot + '\n';
  return all;
}

int64_t HostDouble::elapsed_ns() const {
  if (!real_time) return 0;
  return std::chrono::nanoseconds(std::chrono::steady_clock::now() - begin_).count();
}

}  // namespace aikido
