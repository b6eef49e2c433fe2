#include "host_sim/host_services.hpp"

#include <sys/random.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <utility>

#include "host_sim/plain_text.hpp"

namespace host {
namespace {

constexpr size_t kLongestLine = 4096;

using SecretLoan = std::shared_ptr<const SecretValue>;

// The host's side of the border: nothing unwinds into the plugin.
template <class Value, class Body>
Value guarded(Value otherwise, Body&& body) noexcept {
  try {
    return body();
  } catch (const std::exception&) {
    return otherwise;
  }
}

template <class Body>
void guarded(Body&& body) noexcept {
  guarded(0, [&] {
    body();
    return 0;
  });
}

HostServices& self(void* context) { return *static_cast<HostServices*>(context); }
std::string_view view(connector_text text) { return connector::view(text); }

}  // namespace

HostServices::HostServices(std::string pipeline, SharedServices shared, Secrets& secrets)
    : pipeline_(std::move(pipeline)), shared_(shared), secrets_(secrets) {
  if (shared_.seed) seeded_.seed(*shared_.seed ^ std::hash<std::string>()(pipeline_));
  table_.size = sizeof table_;
  table_.context = this;
  table_.log = [](void* context, int32_t level, connector_text line) {
    guarded([&] { self(context).write_line(level, view(line)); });
  };
  table_.secret_acquire = [](void* context, connector_text name, connector_secret* secret) {
    return guarded(int32_t{CONNECTOR_ERROR_INTERNAL},
                   [&] { return self(context).lend(std::string(view(name)), secret); });
  };
  table_.secret_release = [](void*, connector_secret* secret) {
    if (!secret || secret->size < sizeof *secret) return;
    delete static_cast<SecretLoan*>(secret->owner);
    secret->owner = nullptr;
    secret->value = {};
  };
  table_.wall_clock = [](void* context) { return self(context).shared_.clock.wall_ns(); };
  table_.monotonic_clock = [](void* context) { return self(context).shared_.clock.monotonic_ns(); };
  table_.random = [](void* context, void* bytes, size_t size) {
    self(context).fill_random(static_cast<unsigned char*>(bytes), size);
  };
  table_.metric = [](void* context, int32_t kind, connector_text name, connector_text labels,
                     int64_t value) {
    guarded([&] { self(context).record(kind, view(name), view(labels), value); });
  };
  table_.property = [](void* context, connector_text name) {
    return guarded(connector_text{},
                   [&] { return connector::text(self(context).property(view(name))); });
  };
  table_.pace_acquire = [](void* context, connector_text key, int64_t interval_ns) {
    // Out of memory: no slot is taken that nobody remembers.
    return guarded(std::max<int64_t>(interval_ns, 1), [&] {
      HostServices& services = self(context);
      return services.shared_.pace.acquire(std::string(view(key)), interval_ns, services.pipeline_);
    });
  };
  table_.pace_hold = [](void* context, connector_text key, int64_t duration_ns) {
    guarded([&] { self(context).shared_.pace.hold(std::string(view(key)), duration_ns); });
  };
  table_.extension = [](void*, connector_text) -> const void* { return nullptr; };
}

void HostServices::write_line(int32_t level, std::string_view line) {
  const int32_t known = std::clamp<int32_t>(level, CONNECTOR_LOG_DEBUG, CONNECTOR_LOG_ERROR);
  // Scrubbed before it is cut, or half a secret could stay at the end.
  const std::string clean = shared_.scrubber.scrub(line);
  tell(static_cast<LogLevel>(known), one_line(cut(clean, kLongestLine)));
}

// A trouble that a plugin tells at every try is counted.
void HostServices::tell(LogLevel level, const std::string& text) {
  std::optional<std::string> told = text;
  if (level >= LogLevel::kWarning) {
    const std::lock_guard lock(mutex_);
    told = repeated_.came(text, text, shared_.clock.monotonic_ns());
  }
  if (told) shared_.log.write(level, pipeline_, *told);
}

int32_t HostServices::lend(const std::string& name, connector_secret* secret) {
  if (!secret || secret->size < sizeof *secret) return CONNECTOR_ERROR_INTERNAL;
  Result<SecretLoan> value = secrets_.acquire(name);
  if (!value) {
    tell(LogLevel::kError, value.error().text);
    const std::lock_guard lock(mutex_);
    refused_[name] = value.error().text;
    return CONNECTOR_ERROR_AUTH;
  }
  shared_.scrubber.learn(*value);
  {
    const std::lock_guard lock(mutex_);
    lent_[name] = (*value)->generation();
    refused_.erase(name);
  }
  secret->value = connector::text((*value)->text());
  secret->generation = (*value)->generation();
  secret->owner = new SecretLoan(*std::move(value));
  return CONNECTOR_OK;
}

bool HostServices::secrets_rotated() {
  const std::lock_guard lock(mutex_);
  return std::any_of(lent_.begin(), lent_.end(),
                     [this](const auto& lent) { return is_rotated(lent.first, lent.second); });
}

bool HostServices::is_rotated(const std::string& name, uint64_t generation) {
  const Result<SecretLoan> now = secrets_.acquire(name);
  if (now) return refused_.erase(name) > 0 || (*now)->generation() != generation;
  const std::string& why = now.error().text;
  if (std::exchange(refused_[name], why) != why) shared_.log.warning(pipeline_, why);
  return false;
}

void HostServices::fill_random(unsigned char* bytes, size_t size) {
  if (shared_.seed) {
    const std::lock_guard lock(mutex_);
    std::generate_n(bytes, size, [this] { return static_cast<unsigned char>(seeded_()); });
    return;
  }
  for (size_t filled = 0; filled < size;) {
    const ssize_t got = ::getrandom(bytes + filled, size - filled, 0);
    if (got > 0) filled += static_cast<size_t>(got);
  }
}

void HostServices::record(int32_t kind, std::string_view name, std::string_view labels,
                          int64_t value) {
  Scrubber& scrubber = shared_.scrubber;
  shared_.metrics.record(kind, {pipeline_, scrubber.clean_name(name), scrubber.clean_name(labels)},
                         value);
}

std::string_view HostServices::property(std::string_view name) const {
  const auto found = shared_.properties.find(std::string(name));
  return found == shared_.properties.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace host
