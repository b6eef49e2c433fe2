#include "plugins/aikido_activity_log/settings.hpp"

#include <algorithm>
#include <cmath>

#include "plugins/aikido_activity_log/client_id.hpp"
#include "plugins/aikido_activity_log/settings_reader.hpp"
#include "plugins/aikido_activity_log/settings_values.hpp"

namespace aikido {
namespace {

constexpr size_t kMostActions = 64;
constexpr size_t kLongestAction = 64;
constexpr double kLeastPerSecond = 0.001;
constexpr double kMostPerSecond = 1'000'000;
constexpr double kDefaultPerSecond = 0.3;

std::string read_client_id(SettingsReader& reader, std::string_view key) {
  std::string id = reader.text(key).value_or("");
  const bool visible =
      std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < 0x7F; });
  if (!visible)
    reader.wrong(reader.pointer(key),
                 "has white space or other characters that no client id has; copy it anew");
  else if (id.find(':') != std::string::npos)
    reader.wrong(reader.pointer(key), "has a colon, which no client id has; copy it anew");
  else if (id.starts_with(kSecretPrefix))
    reader.wrong(reader.pointer(key),
                 "is a secret, which does not belong here; give the client id, which begins with " +
                     std::string(kClientIdPrefix) +
                     ", and change the secret if the manifest was shared");
  return id;
}

void read_clients(SettingsReader& reader, const bool given, Settings& settings) {
  if (!given) reader.wrong("/client_id", "is missing; give the client id of the API client");
  settings.client_id = read_client_id(reader, "client_id");
  std::string replaced = read_client_id(reader, "replaces_client_id");
  if (!replaced.empty() && replaced == settings.client_id)
    reader.wrong("/replaces_client_id", "is client_id itself; name the old one or leave it out");
  settings.collector.client_id = settings.client_id;
  settings.collector.replaces_client_id = std::move(replaced);
}

void read_host(SettingsReader& reader, Settings& settings) {
  const auto region = reader.one_of("region", {"eu", "us", "me", "au"});
  const auto taken = reader.take("base_url");
  const auto given = taken ? reader.text_of("/base_url", *taken) : std::nullopt;
  const auto root = given ? reader.keep("base_url", parse_host_root(*given)) : std::nullopt;
  if (region && taken)
    reader.wrong("/base_url", "contradicts region; give one of them and leave out the other");
  const bool home = !region || *region == "eu";
  settings.host_setting = taken ? "/base_url" : "/region";
  settings.host_root = root.value_or("https://app." + (home ? "" : *region + ".") + "aikido.dev");
}

// Aikido's ids are numbers, and manifests write them as numbers or as text.
std::string read_id(SettingsReader& reader, std::string_view key) {
  const auto element = reader.take(key);
  if (!element) return {};
  const std::string place = reader.pointer(key);
  if (!element->is_number()) {
    const auto text = reader.text_of(place, *element);
    return text ? reader.keep(key, parse_id(*text)).value_or("") : "";
  }
  uint64_t number = 0;
  const bool whole = element->get(number) == simdjson::SUCCESS;
  return reader.keep(key, parse_id(whole ? std::to_string(number) : "")).value_or("");
}

// The set of actions is open, so any word passes; several are sent joined by commas.
bool is_action(std::string_view text) {
  return text.size() <= kLongestAction && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_';
         });
}

std::vector<std::string> read_actions(SettingsReader& reader) {
  std::vector<std::string> actions;
  const auto element = reader.take("actions");
  simdjson::dom::array list;
  if (!element) return actions;
  if (element->get(list) != simdjson::SUCCESS || list.size() == 0 || list.size() > kMostActions) {
    reader.wrong("/actions", "is not a list of 1 to 64 actions; write [ignored, snoozed]");
    return actions;
  }
  for (const auto item : list) {
    const std::string place = "/actions/" + std::to_string(actions.size());
    actions.push_back(reader.text_of(place, item).value_or(""));
    if (!is_action(actions.back()))
      reader.wrong(place, "is not an action; write a word such as ignored");
  }
  std::sort(actions.begin(), actions.end());
  actions.erase(std::unique(actions.begin(), actions.end()), actions.end());
  return actions;
}

void read_filters(SettingsReader& reader, Filters& filters) {
  filters.repository_id = read_id(reader, "repository_id");
  filters.cloud_id = read_id(reader, "cloud_id");
  filters.user_type =
      reader.one_of("user_type", {"all", "user_only", "aikido_only"}).value_or(filters.user_type);
  filters.search = reader.text("search").value_or("");
  filters.actions = read_actions(reader);
}

struct Span {
  const char* fallback;
  const char* least;
  const char* most;
};

int64_t read_span(SettingsReader& reader, std::string_view key, const Span& span) {
  const int64_t fallback = *parse_duration(span.fallback);
  const int64_t value = reader.parsed(key, parse_duration).value_or(fallback);
  if (value < *parse_duration(span.least) || value > *parse_duration(span.most))
    reader.wrong(reader.pointer(key),
                 std::string("is out of range; write from ") + span.least + " to " + span.most);
  return value;
}

// Nanoseconds between two requests, rounded up: never faster than asked for.
int64_t read_request_interval(SettingsReader& reader) {
  double per_second = kDefaultPerSecond;
  const auto element = reader.take("requests_per_second");
  const bool number = !element || element->get(per_second) == simdjson::SUCCESS;
  if (!number || !(per_second >= kLeastPerSecond && per_second <= kMostPerSecond)) {
    reader.wrong("/requests_per_second", "is not a number from 0.001 to 1000000; write 0.3");
    per_second = kDefaultPerSecond;
  }
  return static_cast<int64_t>(std::ceil(static_cast<double>(kNsPerSecond) / per_second));
}

void read_start(SettingsReader& reader, CollectorSettings& collector, int64_t latest_ns) {
  const auto start = reader.take("backfill_start_time");
  const auto text = start ? reader.text_of("/backfill_start_time", *start) : std::nullopt;
  if (!text) return;
  const auto read = reader.keep("backfill_start_time", parse_backfill_start(*text));
  const BackfillStart parsed = read.value_or(BackfillStart{});
  if (!parsed.relative && parsed.ns > latest_ns)
    reader.wrong("/backfill_start_time",
                 "lies in the future; write a time before now, or leave it out to begin with what "
                 "happens from now on");
  collector.backfill_start_text = *text;
  collector.backfill_start_relative = parsed.relative;
  collector.backfill_start_ns = parsed.ns;
}

void read_times(SettingsReader& reader, Settings& settings) {
  CollectorSettings& collector = settings.collector;
  collector.poll_interval_ns = read_span(reader, "poll_interval", {"60s", "1s", "1d"});
  collector.late_arrival_window_ns = read_span(reader, "late_arrival_window", {"90m", "1s", "30d"});
  collector.late_check_interval_ns = read_span(reader, "late_check_interval", {"10m", "1s", "7d"});
  collector.request_interval_ns = read_request_interval(reader);
  settings.request_timeout_ns = read_span(reader, "request_timeout", {"30s", "1s", "10m"});
}

// What a position belongs to. Written so that no two sets of filters give the same text: only the
// last member is free.
std::string identity(const Settings& settings) {
  const Filters& filters = settings.filters;
  std::string text = settings.host_root + "\nrepository_id=" + filters.repository_id +
                     "\ncloud_id=" + filters.cloud_id + "\nuser_type=" + filters.user_type +
                     "\nactions=";
  for (const std::string& action : filters.actions) text += action + ',';
  return text + "\nsearch=" + filters.search;
}

Error not_an_object() {
  return {Status::kConfig, ": the settings are not a JSON object; write a map of settings"};
}

}  // namespace

bool Filters::any() const {
  return !repository_id.empty() || !cloud_id.empty() || user_type != "all" || !search.empty() ||
         !actions.empty();
}

Result<Settings> read_settings(std::string_view json, bool run_once, int64_t latest_start_ns) {
  simdjson::dom::parser parser;
  simdjson::dom::element document;
  simdjson::dom::object object;
  if (parser.parse(json.data(), json.size()).get(document) != simdjson::SUCCESS ||
      document.get(object) != simdjson::SUCCESS)
    return not_an_object();
  SettingsReader reader(object);
  Settings settings;
  read_clients(reader, object["client_id"].error() == simdjson::SUCCESS, settings);
  read_host(reader, settings);
  read_filters(reader, settings.filters);
  read_start(reader, settings.collector, latest_start_ns);
  read_times(reader, settings);
  settings.collector.run_once = run_once;
  settings.collector.identity = identity(settings);
  const std::string mistakes = reader.finish();
  if (!mistakes.empty()) return Error{Status::kConfig, mistakes};
  return settings;
}

}  // namespace aikido
