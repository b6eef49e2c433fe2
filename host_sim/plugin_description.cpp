#include "host_sim/plugin_description.hpp"

#include "host_sim/plain_text.hpp"

namespace host {
namespace {

using nlohmann::json;

constexpr size_t kMostDescriptionBytes = 1 << 20;
constexpr int kDeepest = 64;  // whoever walks the schema later does so by recursion

Error wrong(const std::string& what,
            const char* remedy = "mend what the plugin's connector_describe gives") {
  return {Status::kInternal, "its description is wrong: " + what + "; " + remedy};
}

json parse(std::string_view text) {
  bool too_deep = false;
  const auto watch = [&too_deep](int depth, json::parse_event_t, json&) {
    too_deep = too_deep || depth > kDeepest;
    return !too_deep;
  };
  json result = json::parse(text, watch, /*allow_exceptions=*/false);
  return too_deep ? json(json::value_t::discarded) : result;
}

const json& member(const json& object, const char* key) {
  static const json kNone;
  const auto found = object.find(key);
  return found == object.end() ? kNone : *found;
}

bool is_line(const json& value) {
  return value.is_string() && !value.get_ref<const std::string&>().empty() &&
         one_line(value.get_ref<const std::string&>()) == value.get_ref<const std::string&>();
}

// Absent members are as good as empty ones.
bool is_array_of(const json& value, bool (*item)(const json&)) {
  return value.is_null() || (value.is_array() && std::all_of(value.begin(), value.end(), item));
}

bool is_object_or_absent(const json& value) { return value.is_null() || value.is_object(); }

bool is_secret(const json& value) {
  if (!value.is_object() || !is_line(member(value, "name"))) return false;
  const json& description = member(value, "description");
  const json& required = member(value, "required");
  return (description.is_null() || description.is_string()) &&
         (required.is_null() || required.is_boolean());
}

std::string form_fault(const json& description) {
  for (const char* key : {"name", "version", "summary"})
    if (!is_line(member(description, key))) return std::string(key) + " must be one line of text";
  if (!member(description, "settings").is_object()) return "settings must be a JSON Schema";
  if (!is_array_of(member(description, "secrets"), is_secret))
    return "secrets must be an array of {\"name\", \"description\", \"required\"}";
  if (!is_array_of(member(description, "pace_key"), is_line))
    return "pace_key must be an array of names of settings";
  for (const char* key : {"preview", "build"})
    if (!is_object_or_absent(member(description, key)))
      return std::string(key) + " must be an object";
  return {};
}

}  // namespace

Result<json> read_description(connector_text text, std::string_view file_stem) {
  if (!text.data || text.size == 0) return wrong("it is empty");
  if (text.size > kMostDescriptionBytes) return wrong("it has over 1 MiB");
  json description = parse(connector::view(text));
  if (!description.is_object())
    return wrong("it is no JSON object of at most 64 levels in valid UTF-8");
  if (const std::string fault = form_fault(description); !fault.empty()) return wrong(fault);
  if (description["name"] == file_stem) return description;
  return wrong("it calls itself " + description["name"].get<std::string>() + ", its file " +
                   std::string(file_stem) + ".so",
               "give the file the plugin's name");
}

}  // namespace host
