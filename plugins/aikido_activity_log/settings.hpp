// What an operator set, with defaults applied and meaning checked. The names and the limits that a
// host can check by itself are in the description's schema (description.cpp).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/aikido_activity_log/collector.hpp"

namespace aikido {

// 20 calls a minute, unless Aikido gave more.
constexpr int64_t kQuotaIntervalNs = 3 * kNsPerSecond;

// Which records Aikido is asked for. Empty members ask for no filter.
struct Filters {
  std::string repository_id;  // canonical decimal digits
  std::string cloud_id;       // as above
  std::string user_type = "all";
  std::string search;
  std::vector<std::string> actions;  // sorted, each once

  bool any() const;
};

struct Settings {
  std::string host_root;  // "https://app.aikido.dev": scheme, host, port unless default; no slash
  std::string host_setting;  // JSON pointer of the setting that it came from
  std::string client_id;
  Filters filters;
  int64_t request_timeout_ns = 0;
  CollectorSettings collector;

  // What shares one quota: all pipelines on one host root and client id.
  std::string pace_key() const { return host_root + ' ' + client_id; }
};

// `json` is the settings object. CONFIG names every mistake at once, one line each.
// `run_once` is the host's property of that name. A backfill_start_time after `latest_start_ns` is
// a mistake: a mistyped year would wait for that year, and look well.
Result<Settings> read_settings(std::string_view json, bool run_once,
                               int64_t latest_start_ns = INT64_MAX);

}  // namespace aikido
