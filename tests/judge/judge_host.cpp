#include "tests/judge/judge_host.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>

namespace judge {
namespace {

std::string_view view(connector_text text) {
  return text.size == 0 ? std::string_view() : std::string_view(text.data, text.size);
}

template <class TimePoint>
int64_t ns_of(TimePoint point) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(point.time_since_epoch()).count();
}

}  // namespace

int64_t JudgeClock::wall_ns() const { return ns_of(std::chrono::system_clock::now()) + skipped_; }

int64_t JudgeClock::monotonic_ns() const {
  return ns_of(std::chrono::steady_clock::now()) + skipped_;
}

JudgeHost::JudgeHost(JudgeClock& clock, std::map<std::string, std::string> secrets,
                     std::map<std::string, std::string> properties, uint64_t seed)
    : clock_(clock),
      secrets_(std::move(secrets)),
      properties_(std::move(properties)),
      random_(seed) {
  properties_.emplace("run_once", "1");
  properties_.emplace("user_agent", "plugin_judge");
  table_.size = sizeof table_;
  table_.context = this;
  offer_time();
  offer_secrets();
  offer_records_of_what_was_said();
}

JudgeHost& JudgeHost::of(void* context) { return *static_cast<JudgeHost*>(context); }

void JudgeHost::offer_time() {
  table_.wall_clock = [](void* context) { return of(context).clock_.wall_ns(); };
  table_.monotonic_clock = [](void* context) { return of(context).clock_.monotonic_ns(); };
  table_.pace_acquire = [](void* context, connector_text key, int64_t interval_ns) {
    return of(context).acquire_slot(std::string(view(key)), interval_ns);
  };
  table_.pace_hold = [](void* context, connector_text key, int64_t duration_ns) {
    of(context).hold(std::string(view(key)), duration_ns);
  };
}

void JudgeHost::offer_secrets() {
  table_.secret_acquire = [](void* context, connector_text name, connector_secret* secret) {
    return of(context).lend(view(name), secret);
  };
  table_.secret_release = [](void* context, connector_secret* secret) {
    secret->value = {};
    --of(context).loans_;
  };
  table_.random = [](void* context, void* bytes, size_t size) {
    of(context).fill_random(bytes, size);
  };
  table_.property = [](void* context, connector_text name) -> connector_text {
    const auto& properties = of(context).properties_;
    const auto found = properties.find(std::string(view(name)));
    if (found == properties.end()) return {};
    return {found->second.data(), found->second.size()};
  };
}

void JudgeHost::offer_records_of_what_was_said() {
  table_.log = [](void* context, int32_t, connector_text line) {
    of(context).say(std::string(view(line)));
  };
  table_.metric = [](void* context, int32_t, connector_text name, connector_text labels, int64_t) {
    of(context).say(std::string(view(name)) + "{" + std::string(view(labels)) + "}");
  };
  table_.extension = [](void*, connector_text) -> const void* { return nullptr; };
}

std::vector<std::string> JudgeHost::said() const {
  const std::lock_guard lock(mutex_);
  return said_;
}

void JudgeHost::say(std::string line) {
  const std::lock_guard lock(mutex_);
  said_.push_back(std::move(line));
}

int32_t JudgeHost::lend(std::string_view name, connector_secret* secret) {
  const auto found = secrets_.find(std::string(name));
  if (found == secrets_.end()) return CONNECTOR_ERROR_AUTH;
  secret->value = {found->second.data(), found->second.size()};
  secret->generation = 1;
  ++loans_;
  return CONNECTOR_OK;
}

int64_t JudgeHost::acquire_slot(const std::string& key, int64_t interval_ns) {
  const std::lock_guard lock(mutex_);
  const int64_t now = clock_.monotonic_ns();
  int64_t& next = next_slot_[key];
  if (next > now) return next - now;
  next = now + interval_ns;
  return 0;
}

void JudgeHost::hold(const std::string& key, int64_t duration_ns) {
  const std::lock_guard lock(mutex_);
  int64_t& next = next_slot_[key];
  next = std::max(next, clock_.monotonic_ns() + duration_ns);
}

void JudgeHost::fill_random(void* bytes, size_t size) {
  const std::lock_guard lock(mutex_);
  std::generate_n(static_cast<unsigned char*>(bytes), size,
                  [this] { return static_cast<unsigned char>(random_()); });
}

}  // namespace judge
