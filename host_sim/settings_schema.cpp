#include "host_sim/settings_schema.hpp"

#include <charconv>

#include "host_sim/plain_text.hpp"

namespace host {
namespace {

using nlohmann::json;

const json kNothing = json::object();

// "#/definitions/x", through at most a few of them, for one may lead to itself.
const json* resolved(const json& root, const json* here) {
  for (int i = 0; i < 8 && here->is_object() && here->contains("$ref"); ++i) {
    const json& reference = (*here)["$ref"];
    if (!reference.is_string() || !reference.get_ref<const std::string&>().starts_with("#"))
      return &kNothing;
    try {
      here = &root.at(json::json_pointer(reference.get<std::string>().substr(1)));
    } catch (const json::exception&) {
      return &kNothing;
    }
  }
  return here->is_object() ? here : &kNothing;
}

std::string type_of(const json& value) {
  if (value.is_number_float()) return "number";
  if (value.is_number()) return "integer";
  return value.type_name();  // string, boolean, array, object, null: as the schema's words
}

std::string words(const std::string& type) {
  if (type == "string") return "text";
  if (type == "integer") return "a whole number";
  if (type == "number") return "a number";
  if (type == "boolean") return "true or false";
  if (type == "array") return "a list";
  if (type == "object") return "a map";
  return "nothing";
}

std::string value_text(const json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

void append(std::string& to, const std::string& text, const char* between) {
  to += (to.empty() ? "" : between) + text;
}

}  // namespace

SettingsSchema::SettingsSchema(const json& root, const json* here)
    : root_(&root), here_(resolved(root, here)) {}

const json& SettingsSchema::member(const char* key) const {
  static const json kNone;
  const auto found = here_->find(key);
  return found == here_->end() ? kNone : *found;
}

SettingsSchema SettingsSchema::property(const std::string& name) const {
  const json& named = member("properties");
  if (named.is_object() && named.contains(name)) return {*root_, &named[name]};
  return {*root_, &member("additionalProperties")};
}

SettingsSchema SettingsSchema::item(size_t index) const {
  const json& items = member("items");
  if (!items.is_array()) return {*root_, &items};
  return {*root_, index < items.size() ? &items[index] : &member("additionalItems")};
}

SettingsSchema SettingsSchema::at(const std::string& pointer) const {
  SettingsSchema result = *this;
  json::json_pointer rest(pointer);
  std::vector<std::string> tokens;
  for (; !rest.empty(); rest.pop_back()) tokens.push_back(rest.back());
  for (; !tokens.empty(); tokens.pop_back()) {
    const std::string& token = tokens.back();
    size_t index = 0;
    const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), index);
    const bool number = error == std::errc() && end == token.data() + token.size();
    const bool list = number && !result.member("items").is_null();
    result = list ? result.item(index) : result.property(token);
  }
  return result;
}

std::set<std::string> SettingsSchema::types() const {
  std::set<std::string> result;
  add_types(result, 0);
  return result;
}

void SettingsSchema::add_types(std::set<std::string>& to, int depth) const {
  const json& type = member("type");
  if (type.is_string()) to.insert(type.get<std::string>());
  for (const json& each : type.is_array() ? type : json::array())
    if (each.is_string()) to.insert(each.get<std::string>());
  if (!type.is_null()) return;
  for (const json& each : member("enum")) to.insert(type_of(each));
  constexpr int kMostNested = 4;  // alternatives of alternatives may lead in a circle
  if (depth == kMostNested) return;
  for (const char* key : {"anyOf", "oneOf"})
    for (const json& each : member(key)) SettingsSchema(*root_, &each).add_types(to, depth + 1);
}

bool SettingsSchema::is_closed() const {
  return member("additionalProperties") == json(false) && member("patternProperties").is_null();
}

std::vector<std::string> SettingsSchema::property_names() const {
  std::vector<std::string> names;
  for (const auto& [name, schema] : member("properties").items()) names.push_back(name);
  return names;
}

std::vector<std::string> SettingsSchema::examples() const {
  std::vector<std::string> texts;
  for (const json& example : member("examples"))
    if (example.is_string()) texts.push_back(example.get<std::string>());
  return texts;
}

std::string SettingsSchema::description() const {
  const json& text = member("description");
  return text.is_string() ? one_line(text.get<std::string>()) : std::string();
}

std::string SettingsSchema::kind() const {
  std::string text;
  for (const json& value : member("enum")) append(text, value_text(value), ", ");
  if (!text.empty()) return "one of " + one_line(text);
  for (const std::string& type : types()) append(text, words(type), " or ");
  return text;
}

std::string SettingsSchema::bounds() const {
  struct Bound {
    const char* key;
    const char* before;
    const char* after;
  };
  static const Bound kBounds[] = {
      {"minimum", "at least ", ""},
      {"exclusiveMinimum", "above ", ""},
      {"maximum", "at most ", ""},
      {"exclusiveMaximum", "below ", ""},
      {"multipleOf", "a multiple of ", ""},
      {"minLength", "at least ", " long"},
      {"maxLength", "at most ", " long"},
      {"minItems", "with at least ", " in it"},
      {"maxItems", "with at most ", " in it"},
  };
  std::string text;
  for (const Bound& bound : kBounds)
    if (member(bound.key).is_number())
      append(text, bound.before + member(bound.key).dump() + bound.after, ", ");
  if (member("uniqueItems") == json(true)) append(text, "none twice", ", ");
  if (member("pattern").is_string() && description().empty())
    append(text, "of the form " + one_line(member("pattern").get<std::string>()), ", ");
  return text;
}

std::string SettingsSchema::demand() const {
  std::string text = kind();
  if (const std::string more = bounds(); !more.empty()) append(text, more, ", ");
  if (text.empty() && description().empty()) return {};
  if (text.empty()) return "is not as it should be (" + description() + ")";
  return "must be " + text + (description().empty() ? "" : " (" + description() + ")");
}

}  // namespace host
