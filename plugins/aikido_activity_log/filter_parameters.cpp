#include "plugins/aikido_activity_log/filter_parameters.hpp"

namespace aikido {
namespace {

// user_type_filter is always sent: what Aikido takes where it is left out is not documented.
constexpr std::string_view kAlwaysSent = "user_type";
constexpr const char* kNameCharacters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";

// How several actions combine is not documented either; a list with commas is a guess.
std::string joined(const std::vector<std::string>& actions) {
  std::string text;
  for (const std::string& action : actions) text += (text.empty() ? "" : ",") + action;
  return text;
}

bool is_of_a_name(std::string_view text, size_t at) {
  return at < text.size() &&
         std::string_view(kNameCharacters).find(text[at]) != std::string_view::npos;
}

// As a word of its own.
bool has_word(std::string_view text, std::string_view name) {
  for (size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1))
    if ((at == 0 || !is_of_a_name(text, at - 1)) && !is_of_a_name(text, at + name.size()))
      return true;
  return false;
}

}  // namespace

std::vector<FilterParameter> filter_parameters(const Filters& filters) {
  return {{"user_type_filter", kAlwaysSent, filters.user_type},
          {"repository_id", "repository_id", filters.repository_id},
          {"cloud_id", "cloud_id", filters.cloud_id},
          {"search", "search", filters.search},
          {"action_filter", "actions", joined(filters.actions)}};
}

std::vector<std::string> settings_named(std::string_view words, const Filters& filters) {
  std::vector<std::string> named;
  for (const FilterParameter& filter : filter_parameters(filters))
    if (!filter.value.empty() && has_word(words, filter.parameter))
      named.emplace_back(filter.setting);
  return named;
}

std::vector<std::string> settings_of(const Filters& filters) {
  std::vector<std::string> set;
  for (const FilterParameter& filter : filter_parameters(filters)) {
    const bool chosen = filter.setting != kAlwaysSent || filters.user_type != "all";
    if (chosen && !filter.value.empty()) set.emplace_back(filter.setting);
  }
  return set;
}

}  // namespace aikido
