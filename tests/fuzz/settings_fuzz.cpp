// The plugin's settings: every mistake a line with its JSON pointer; what is taken is within the
// documented bounds, and the same when it is written in canonical form and read again.
#include <nlohmann/json.hpp>

#include "plugins/aikido_activity_log/settings.hpp"
#include "tests/fuzz/law.hpp"

namespace {

using aikido::Settings;
using fuzz::law;

constexpr int64_t kSecond = aikido::kNsPerSecond;

void check_mistakes(const connector::Error& error) {
  law(error.status == connector::Status::kConfig, "a refusal is CONFIG");
  std::string_view rest = error.text;
  law(!rest.empty(), "a refusal says why");
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    law(line.starts_with('/') || line.starts_with(": "), "a mistake begins with a JSON pointer");
    law(line.find(": ") != std::string_view::npos, "and says what is wrong");
    law(!fuzz::has_control(line), "without control characters");
  }
}

bool within(int64_t value, int64_t least, int64_t most) { return value >= least && value <= most; }

void check_bounds(const Settings& settings) {
  const aikido::CollectorSettings& times = settings.collector;
  law(within(times.poll_interval_ns, kSecond, 86'400 * kSecond), "poll_interval is 1s to 1d");
  law(within(times.late_arrival_window_ns, kSecond, 30 * 86'400 * kSecond), "the window 1s to 30d");
  law(within(times.late_check_interval_ns, kSecond, 7 * 86'400 * kSecond), "its check 1s to 7d");
  law(within(times.request_interval_ns, kSecond / 1'000'000, 1000 * kSecond),
      "0.001 to 1000000 a second");
  law(within(settings.request_timeout_ns, kSecond, 600 * kSecond), "the time-out is 1s to 10m");
  law(!settings.client_id.empty() && !fuzz::has_control(settings.client_id), "a client id is text");
  law(settings.client_id.find(':') == std::string::npos, "without a colon");
  const bool secure = settings.host_root.starts_with("https://");
  const bool loopback = settings.host_root.starts_with("http://127.") ||
                        settings.host_root.starts_with("http://[::1]") ||
                        settings.host_root.starts_with("http://localhost");
  law(secure || loopback, "a secret goes unencrypted to this machine alone");
  for (const std::string& id : {settings.filters.repository_id, settings.filters.cloud_id})
    law(id.empty() || (id[0] != '0' && id.find_first_not_of("0123456789") == std::string::npos),
        "an id is digits");
}

// The filters and the host as the canonical form would be set.
std::string canonical(const Settings& settings) {
  const aikido::Filters& filters = settings.filters;
  nlohmann::json json = {{"client_id", settings.client_id},
                         {"base_url", settings.host_root},
                         {"user_type", filters.user_type}};
  if (!filters.repository_id.empty()) json["repository_id"] = filters.repository_id;
  if (!filters.cloud_id.empty()) json["cloud_id"] = filters.cloud_id;
  if (!filters.search.empty()) json["search"] = filters.search;
  if (!filters.actions.empty()) json["actions"] = filters.actions;
  return json.dump();
}

void check_canonical(const Settings& settings) {
  const aikido::Result<Settings> again = aikido::read_settings(canonical(settings), false);
  law(static_cast<bool>(again), "the canonical form is right");
  law(again->collector.identity == settings.collector.identity, "and the same position's");
  law(again->host_root == settings.host_root && again->pace_key() == settings.pace_key(),
      "and the same pace's");
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text = fuzz::text_of(data, size);
  const aikido::Result<Settings> settings = aikido::read_settings(text, false);
  if (!settings) return check_mistakes(settings.error()), 0;
  check_bounds(*settings);
  check_canonical(*settings);
  return 0;
}
