#include "tests/fake_aikido/activity.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/fake_aikido/clock.hpp"

namespace fake_aikido {
namespace {

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

// A JSON string, with every character beyond ASCII escaped or none.
struct Quoted {
  bool escapes_all;
  std::string operator()(const std::string& text) const {
    return nlohmann::json(text).dump(-1, ' ', escapes_all);
  }
};

// A JSON object of tokens, appended: a history of 100,000 records has to be made quickly.
class Object {
 public:
  Object& add(const char* key, const std::string& token) {
    text_ += text_.empty() ? "{\"" : ",\"";
    text_ += key;
    text_ += "\":";
    text_ += token;
    return *this;
  }
  std::string text() const { return text_ + '}'; }
  static std::string token(int64_t number) { return std::to_string(number); }

 private:
  std::string text_;
};

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

  std::string documented(const Quoted& quoted) const;
  std::string monad(const Quoted& quoted) const;
};

std::string ActivityMaker::Event::documented(const Quoted& quoted) const {
  const auto or_null = [](const auto& value) { return value ? Object::token(*value) : "null"; };
  Object location;
  location.add("code_repo_id", or_null(repository_id()));
  location.add("code_repo_name", repository ? quoted(place()) : "null");
  location.add("container_repo_id", "null").add("container_repo_name", "null");
  location.add("cloud_id", or_null(cloud_id()));
  location.add("cloud_name", cloud ? quoted(place()) : "null");
  location.add("domain_id", "null").add("domain_name", "null");
  Object json;
  json.add("id", Object::token(number)).add("timestamp", Object::token(time_s));
  json.add("comment", comment.empty() ? "null" : quoted(comment));
  json.add("source", by_aikido ? "\"automatic\"" : "\"manual\"");
  json.add("action", quoted(action));
  json.add("user_id", by_aikido ? "null" : Object::token(40 + user));
  json.add("user_name", by_aikido ? "null" : quoted(user_name()));
  json.add("issue_id", Object::token(issue)).add("grouped_issue_id", Object::token(issue / 7));
  json.add("metadata", Object().add("location", location.text()).text());
  return json.text();
}

std::string ActivityMaker::Event::monad(const Quoted& quoted) const {
  Object json;
  json.add("id", quoted("activity_" + Object::token(1'000'000'000 + number)));
  json.add("timestamp", quoted(iso_time(time_s)));
  json.add("user_id", quoted(by_aikido ? "system@aikido.dev" : email_of(user_name())));
  json.add("action", quoted(action));
  json.add("resource_type", repository ? "\"code_repository\"" : "\"cloud\"");
  json.add("resource_id", Object::token(repository ? *repository_id() : *cloud_id()));
  json.add("resource_name", quoted(place())).add("details", quoted(comment));
  json.add("status", "\"success\"")
      .add("ip_address", quoted("203.0.113." + Object::token(1 + user)));
  json.add("user_agent", "\"Mozilla/5.0 (X11; Linux x86_64)\"");
  return json.text();
}

ActivityMaker::ActivityMaker(const ActivityStyle& style)
    : style_(style), random_(style.seed), next_number_(style.first_number) {}

Record ActivityMaker::make(int64_t time_s) {
  const Event what = event(time_s);
  const bool monad =
      style_.shape == Shape::kMonad || (style_.shape == Shape::kMixed && chance(0.5));
  const Quoted quoted{chance(0.5)};
  Record record;
  record.time_s = time_s;
  record.visible_ns = time_s * kSecond;
  if (chance(style_.late_fraction)) record.visible_ns += number(1, style_.latest_s) * kSecond;
  record.number = what.number;
  record.text = monad ? what.monad(quoted) : what.documented(quoted);
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
