#include "tests/judge/mistakes.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>

#include "tests/judge/clean_text.hpp"
#include "tests/judge/verdict.hpp"

namespace judge {
namespace {

using nlohmann::json;

json parsed(const std::string& text) {
  json value = json::parse(text, nullptr, false);
  return value.is_object() ? value : json::object();
}

// A member of the given type, or an empty one: a description is believed by no law but its own.
json member(const json& object, const char* name, const json& otherwise) {
  const auto found = object.find(name);
  return found != object.end() && found->type() == otherwise.type() ? *found : otherwise;
}

json properties_in(const std::string& description) {
  return member(member(parsed(description), "settings", json::object()), "properties",
                json::object());
}

json required_in(const std::string& description) {
  return member(member(parsed(description), "settings", json::object()), "required", json::array());
}

bool allows(const json& type, const std::string& name) {
  if (type.is_string()) return type == name;
  return std::find(type.begin(), type.end(), name) != type.end();
}

// A value of a type that the setting may not have.
std::optional<json> mistyped(const json& setting) {
  if (!setting.is_object() || !setting.contains("type")) return {};
  const json& type = setting["type"];
  if (!allows(type, "object")) return json{{"judge", true}};
  if (!allows(type, "array")) return json{"judge"};
  return {};
}

std::string pointer_to(const std::string& key) { return (json::json_pointer() / key).to_string(); }

}  // namespace

std::vector<Mistaken> single_mistakes(const std::string& description, const std::string& settings) {
  const json properties = properties_in(description);
  const json required = required_in(description);
  const json good = parsed(settings);
  std::vector<Mistaken> found;
  const auto add = [&](const std::string& key, const json& bad) {
    found.push_back({bad.dump(), {pointer_to(key)}});
  };
  for (const auto& [key, setting] : properties.items())
    if (const auto value = mistyped(setting)) {
      json bad = good;
      bad[key] = *value;
      add(key, bad);
    }
  for (const json& key : required) {
    json bad = good;
    if (!key.is_string()) continue;
    bad.erase(key.get<std::string>());
    add(key.get<std::string>(), bad);
  }
  return found;
}

Mistaken all_mistyped(const std::string& description, const std::string& settings) {
  const json properties = properties_in(description);
  json bad = parsed(settings);
  Mistaken all;
  for (const auto& [key, setting] : properties.items())
    if (const auto value = mistyped(setting)) {
      bad[key] = *value;
      all.pointers.push_back(pointer_to(key));
    }
  all.settings = bad.dump();
  return all;
}

std::vector<std::string> pointers_in(const std::string& error_text) {
  if (!are_clean_lines(error_text)) throw Broken("the error's text has control characters in it");
  std::vector<std::string> pointers;
  std::istringstream lines(error_text);
  for (std::string line; std::getline(lines, line);) {
    const size_t colon = line.find(": ");
    const std::string pointer = line.substr(0, colon);
    const bool says_something = colon != std::string::npos && line.size() > colon + 2;
    if (!says_something || (!pointer.empty() && pointer.front() != '/'))
      throw Broken("this line is not \"/json/pointer: what is wrong\": " + line);
    pointers.push_back(pointer);
  }
  if (pointers.empty()) throw Broken("CONFIG without a line of text");
  return pointers;
}

}  // namespace judge
