#include "tests/fake_aikido/page_query.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <sstream>

namespace fake_aikido {
namespace {

constexpr std::array kActions = {"snoozed",         "ignored",       "re_open",
                                 "closed",          "unsnoozed",     "auto_ignored",
                                 "adjust_severity", "drata_push",    "autofix_pr_created",
                                 "sprinto_push",    "thoropass_push"};

// Canonical: no sign on a positive number, no leading zeros, no white space.
std::optional<int64_t> integer(const std::string& text) {
  int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end || std::to_string(number) != text) return std::nullopt;
  return number;
}

// Reads the parameters one by one; the first mistake stays.
class Reader {
 public:
  explicit Reader(const Parameters& parameters) {
    for (const auto& [name, value] : parameters)
      if (!values_.emplace(name, value).second) fail("'" + name + "' is given twice");
  }

  std::optional<std::string> text(const std::string& name) {
    known_.insert(name);
    const auto found = values_.find(name);
    return found == values_.end() ? std::nullopt : std::optional(found->second);
  }

  std::optional<int64_t> number(const std::string& name, int64_t least, int64_t most) {
    const std::optional<std::string> value = text(name);
    if (!value) return std::nullopt;
    const std::optional<int64_t> read = integer(*value);
    if (!read || *read < least || *read > most)
      fail("'" + name + "' must be an integer from " + std::to_string(least) + " to " +
           std::to_string(most));
    return read;
  }

  void fail(const std::string& mistake) {
    if (mistake_.empty()) mistake_ = mistake;
  }

  std::string mistake() {
    for (const auto& [name, value] : values_)
      if (!known_.contains(name)) fail("'" + name + "' is not a parameter of this request");
    return mistake_;
  }

 private:
  std::map<std::string, std::string> values_;
  std::set<std::string> known_;
  std::string mistake_;
};

std::optional<bool> read_user_type(Reader& reader) {
  const std::optional<std::string> type = reader.text("user_type_filter");
  if (!type || *type == "all") return std::nullopt;
  if (*type != "user_only" && *type != "aikido_only")
    reader.fail("'user_type_filter' must be one of all, user_only, aikido_only");
  return *type == "aikido_only";
}

std::vector<std::string> read_actions(Reader& reader) {
  const std::optional<std::string> list = reader.text("action_filter");
  std::vector<std::string> actions;
  std::istringstream words(list.value_or(""));
  for (std::string action; std::getline(words, action, ',');) {
    if (std::find(kActions.begin(), kActions.end(), action) == kActions.end())
      reader.fail("'action_filter' must hold known actions, not '" + action + "'");
    actions.push_back(action);
  }
  if (list && actions.empty()) reader.fail("'action_filter' must not be empty");
  return actions;
}

}  // namespace

std::variant<PageQuery, std::string> read_page_query(const Parameters& parameters,
                                                     int64_t default_per_page) {
  constexpr int64_t kLatest = 4'102'444'800;  // the year 2100: milliseconds would lie beyond
  Reader reader(parameters);
  PageQuery query;
  query.page = reader.number("page", 0, INT32_MAX).value_or(0);
  query.per_page = reader.number("per_page", 1, kLargestPage).value_or(default_per_page);
  query.start_s = reader.number("start", 0, kLatest);
  query.end_s = reader.number("end", 0, kLatest);
  query.repository_id = reader.number("repository_id", 1, INT64_MAX);
  query.cloud_id = reader.number("cloud_id", 1, INT64_MAX);
  query.by_aikido = read_user_type(reader);
  query.actions = read_actions(reader);
  query.search = reader.text("search").value_or("");
  if (query.start_s && query.end_s && *query.start_s > *query.end_s)
    reader.fail("'start' must not be after 'end'");
  std::string mistake = reader.mistake();
  if (!mistake.empty()) return mistake;
  return query;
}

}  // namespace fake_aikido
