#include "host_sim/manifest_fields.hpp"

#include <algorithm>
#include <map>

#include "host_sim/plain_text.hpp"

namespace host {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

bool is_plain_name(std::string_view key) {
  return key.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos;
}

}  // namespace

std::vector<Mistake> Mistakes::sorted() const {
  std::vector<Mistake> result = list_;
  std::stable_sort(result.begin(), result.end(), [](const Mistake& left, const Mistake& right) {
    if (left.place.line != right.place.line) return left.place.line < right.place.line;
    return left.key_path < right.key_path;
  });
  return result;
}

std::string member_path(const std::string& key_path, std::string_view key) {
  // Somebody may have written a secret where its name belongs.
  const bool may_be_a_secret = key_path.ends_with(".secrets") && !is_plain_name(key);
  const size_t longest = may_be_a_secret ? 4 : 64;
  const std::string shown = one_line(cut(key, longest)) + (key.size() > longest ? "..." : "");
  return key_path.empty() ? shown : key_path + "." + shown;
}

std::vector<YamlMember> first_of_each_key(const YamlNode& map, const std::string& key_path,
                                          Mistakes& mistakes) {
  std::vector<YamlMember> result;
  std::map<std::string, int> lines;
  for (const YamlMember& member : map.members) {
    const auto [first, is_new] = lines.emplace(member.key, member.place.line);
    if (is_new) {
      result.push_back(member);
      continue;
    }
    mistakes.add(member.place, member_path(key_path, member.key),
                 "is given twice, first at line " + std::to_string(first->second) +
                     "; remove one of the two");
  }
  return result;
}

void add_unknown_key(const YamlMember& member, const std::string& key_path, std::string_view what,
                     const std::vector<std::string>& known, Mistakes& mistakes) {
  const std::string probably = meant(member.key, known);
  std::string remedy = "; remove it";
  if (!known.empty()) remedy = "; there are: " + joined(known);
  if (!probably.empty()) remedy = "; did you mean " + probably + "?";
  mistakes.add(member.place, member_path(key_path, member.key),
               "is not " + std::string(what) + remedy);
}

Fields::Fields(const YamlNode& node, Place place, std::string key_path,
               std::vector<std::string> known, Mistakes& mistakes)
    : place_(place), key_path_(std::move(key_path)), mistakes_(mistakes), is_map_(node.is_map()) {
  if (!is_map_) {
    mistakes_.add(place_, key_path_,
                  "must be a map with " + joined(known) + ", and is " +
                      std::string(kind_name(node.kind)) +
                      "; write each as `key: value` on a line of its own");
    return;
  }
  members_ = first_of_each_key(node, key_path_, mistakes_);
  for (const YamlMember& member : members_)
    if (std::find(known.begin(), known.end(), member.key) == known.end())
      add_unknown_key(member, key_path_, "a key that is known here", known, mistakes_);
}

const YamlMember* Fields::find(std::string_view key) const {
  const auto found = std::find_if(members_.begin(), members_.end(),
                                  [key](const YamlMember& member) { return member.key == key; });
  return found == members_.end() ? nullptr : &*found;
}

Place Fields::place_of(std::string_view key) const {
  const YamlMember* member = find(key);
  return member ? member->place : place_;
}

const YamlMember* Fields::require(std::string_view key, std::string_view remedy) const {
  const YamlMember* member = find(key);
  if (!member && is_map_) add_mistake(key, "is missing; " + std::string(remedy));
  return member;
}

std::optional<std::string> Fields::text(std::string_view key) const {
  const YamlMember* member = find(key);
  if (!member) return {};
  const YamlNode& value = member->value;
  const bool one = value.is_scalar() && !value.text.empty() && one_line(value.text) == value.text;
  if (one) return value.text;
  add_mistake(key, value.is_scalar()
                       ? "must be one line of text that is not empty"
                       : "must be text, and is " + std::string(kind_name(value.kind)));
  return {};
}

std::optional<std::string> Fields::required_text(std::string_view key,
                                                 std::string_view remedy) const {
  return require(key, remedy) ? text(key) : std::nullopt;
}

void Fields::add_mistake(std::string_view key, std::string text) const {
  mistakes_.add(place_of(key), path_of(key), std::move(text));
}

}  // namespace host
