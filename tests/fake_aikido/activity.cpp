#include "tests/fake_aikido/activity.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/fake_aikido/clock.hpp"

namespace fake_aikido {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kTies = 0.1;

constexpr std::array kUsers = {"Ada Berg",     "Björn Öst",  "Chloé Dupont", "Dmitri Petrov",
                               "Eun-ji Kim",   "Fatima Nur", "Gustav Lund",  "Hana Sato",
                               "Ivo Marković", "Jo O'Neill"};
constexpr std::array kRepositories = {"payments",        "web/checkout", "ledger", "mobile-app",
                                      "infra/terraform", "search",       "auth",   "data-pipeline"};
constexpr std::array kUserActions = {"snoozed",   "ignored",         "re_open",           "closed",
                                     "unsnoozed", "adjust_severity", "autofix_pr_created"};
constexpr std::array kOwnActions = {"auto_ignored", "drata_push", "sprinto_push", "thoropass_push"};
constexpr std::array kComments = {"",
                                  "False positive: test fixture",
                                  "Risk accepted until Q3 \"as discussed\"",
                                  "Path C:\\build\\out is not shipped",
                                  "Fixed in https://git.acme.example/pull/4711",
                                  "Große Änderung – siehe Ticket",
                                  "Looks fine 👍",
                                  "First line\nsecond line"};

std::string iso_time(int64_t time_s) {
  const std::time_t time = time_s;
  std::tm parts{};
  gmtime_r(&time, &parts);
  char text[32];
  return std::string(text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts));
}

std::string email_of(const std::string& name) {
  std::string address;
  for (const char c : name)
    if (c >= 'a' && c <= 'z') address += c;
  return address + "@acme.example";
}

}  // namespace

struct ActivityMaker::Event {
  int64_t number = 0;
  int64_t time_s = 0;
  std::string action;
  bool by_aikido = false;
  int64_t user = 0;  // index
  std::string comment;
  int64_t issue = 0;
  std::optional<int64_t> repository;  // index
  std::optional<int64_t> cloud;       // index

  std::string user_name() const { return kUsers[static_cast<size_t>(user)]; }
  std::string place() const {
    if (repository) return std::string("acme/") + kRepositories[static_cast<size_t>(*repository)];
    return "aws-production-" + std::to_string(cloud.value_or(0));
  }
  std::optional<int64_t> repository_id() const {
    return repository ? std::optional(1000 + *repository) : std::nullopt;
  }
  std::optional<int64_t> cloud_id() const {
    return cloud ? std::optional(500 + *cloud) : std::nullopt;
  }

  Json documented() const;
  Json monad() const;
};

Json ActivityMaker::Event::documented() const {
  const auto or_null = [](const auto& value) { return value ? Json(*value) : Json(nullptr); };
  Json json;
  json["id"] = number;
  json["timestamp"] = time_s;
  json["comment"] = comment.empty() ? Json(nullptr) : Json(comment);
  json["source"] = by_aikido ? "automatic" : "manual";
  json["action"] = action;
  json["user_id"] = by_aikido ? Json(nullptr) : Json(40 + user);
  json["user_name"] = by_aikido ? Json(nullptr) : Json(user_name());
  json["issue_id"] = issue;
  json["grouped_issue_id"] = issue / 7;
  json["metadata"]["location"] = {{"code_repo_id", or_null(repository_id())},
                                  {"code_repo_name", repository ? Json(place()) : Json(nullptr)},
                                  {"container_repo_id", nullptr},
                                  {"container_repo_name", nullptr},
                                  {"cloud_id", or_null(cloud_id())},
                                  {"cloud_name", cloud ? Json(place()) : Json(nullptr)},
                                  {"domain_id", nullptr},
                                  {"domain_name", nullptr}};
  return json;
}

Json ActivityMaker::Event::monad() const {
  Json json;
  json["id"] = "activity_" + std::to_string(1'000'000'000 + number);
  json["timestamp"] = iso_time(time_s);
  json["user_id"] = by_aikido ? "system@aikido.dev" : email_of(user_name());
  json["action"] = action;
  json["resource_type"] = repository ? "code_repository" : "cloud";
  json["resource_id"] = repository ? *repository_id() : *cloud_id();
  json["resource_name"] = place();
  json["details"] = comment;
  json["status"] = "success";
  json["ip_address"] = "203.0.113." + std::to_string(1 + user);
  json["user_agent"] = "Mozilla/5.0 (X11; Linux x86_64)";
  return json;
}

ActivityMaker::ActivityMaker(const ActivityStyle& style)
    : style_(style), random_(style.seed), next_number_(style.first_number) {}

Record ActivityMaker::make(int64_t time_s) {
  const Event what = event(time_s);
  const bool monad =
      style_.shape == Shape::kMonad || (style_.shape == Shape::kMixed && chance(0.5));
  const bool escapes_all = chance(0.5);
  Record record;
  record.time_s = time_s;
  record.visible_ns = time_s * kSecond;
  if (chance(style_.late_fraction)) record.visible_ns += number(1, style_.latest_s) * kSecond;
  record.number = what.number;
  record.text = (monad ? what.monad() : what.documented()).dump(-1, ' ', escapes_all);
  record.repository_id = what.repository_id();
  record.cloud_id = what.cloud_id();
  record.action = what.action;
  record.by_aikido = what.by_aikido;
  return record;
}

int64_t ActivityMaker::number(int64_t least, int64_t most) {
  const uint64_t span = static_cast<uint64_t>(most - least) + 1;
  return least + static_cast<int64_t>(random_() % span);
}

bool ActivityMaker::chance(double probability) {
  return static_cast<double>(random_() >> 11) * 0x1.0p-53 < probability;
}

ActivityMaker::Event ActivityMaker::event(int64_t time_s) {
  const auto one_of = [this](const auto& words) {
    return std::string(words[static_cast<size_t>(number(0, std::ssize(words) - 1))]);
  };
  Event event;
  event.number = next_number_++;
  event.time_s = time_s;
  event.by_aikido = chance(0.3);
  event.action = event.by_aikido ? one_of(kOwnActions) : one_of(kUserActions);
  event.user = number(0, std::ssize(kUsers) - 1);
  event.comment = one_of(kComments);
  event.issue = number(1, 90'000);
  if (chance(0.8))
    event.repository = number(0, std::ssize(kRepositories) - 1);
  else
    event.cloud = number(0, 3);
  return event;
}

std::vector<Record> make_activity(size_t count, int64_t from_s, int64_t to_s,
                                  const ActivityStyle& style) {
  ActivityMaker maker(style);
  std::vector<int64_t> times;
  while (times.size() < count)
    times.push_back(!times.empty() && maker.chance(kTies) ? times.back()
                                                          : maker.number(from_s, to_s));
  std::sort(times.begin(), times.end());
  std::vector<Record> records;
  records.reserve(count);
  for (const int64_t time_s : times) records.push_back(maker.make(time_s));
  return records;
}

}  // namespace fake_aikido
