#include <cstdio>
#include <nlohmann/json.hpp>

#include "host_sim/schema_check.hpp"
#include "tests/judge/clean_text.hpp"
#include "tests/judge/laws/laws.hpp"
#include "tests/judge/library.hpp"

namespace judge {
namespace {

using nlohmann::json;

void expect(bool holds, const std::string& otherwise) {
  if (!holds) throw Broken(otherwise);
}

std::string describe(const Library& library) {
  const connector_text first = library.describe();
  const connector_text second = library.describe();
  const std::string text(first.data, first.size);
  expect(text == std::string(second.data, second.size), "it is another at the second call");
  return text;
}

// A member that has to be there, by the test that it has to pass.
const json& part(const json& description, const char* name, bool (json::*is)() const noexcept) {
  expect(description.contains(name), std::string("\"") + name + "\" is missing");
  expect((description[name].*is)(), std::string("\"") + name + "\" has the wrong type");
  return description[name];
}

// Three numbers, and perhaps a pre-release or a build behind them.
bool is_semantic(const std::string& version) {
  unsigned major = 0, minor = 0, patch = 0;
  int end = 0;
  if (std::sscanf(version.c_str(), "%u.%u.%u%n", &major, &minor, &patch, &end) != 3) return false;
  const std::string rest = version.substr(static_cast<size_t>(end));
  return rest.empty() || ((rest[0] == '-' || rest[0] == '+') && rest.size() > 1);
}

void expect_names(const json& description, const Subject& subject) {
  const auto name = part(description, "name", &json::is_string).get<std::string>();
  expect(name == subject.plugin.stem(),
         "\"name\" is " + name + ", but the file is " + subject.plugin.filename().string());
  const auto version = part(description, "version", &json::is_string).get<std::string>();
  expect(is_semantic(version), "\"version\" is " + version + ", not like 1.2.3");
  const auto summary = part(description, "summary", &json::is_string).get<std::string>();
  expect(!summary.empty() && is_clean_line(summary), "\"summary\" is not one line");
}

void expect_secrets(const json& description, const Subject& subject) {
  for (const json& secret : part(description, "secrets", &json::is_array)) {
    expect(secret.is_object(), "an entry of \"secrets\" is no object");
    const auto name = part(secret, "name", &json::is_string).get<std::string>();
    part(secret, "description", &json::is_string);
    const bool required = part(secret, "required", &json::is_boolean).get<bool>();
    expect(!required || subject.secrets.count(name) > 0,
           "it needs the secret " + name + "; give it with --secret " + name + "=VARIABLE");
  }
}

void expect_valid(const host::SchemaCheck& check, const json& settings, const std::string& which) {
  const auto faults = check.check(settings);
  if (!faults) throw Broken("its schema cannot be applied: " + faults.error().text);
  if (!faults->empty())
    throw Broken("its schema refuses " + which + ": " + faults->front().pointer + ": " +
                 faults->front().text);
}

void expect_settings(const json& description, const Subject& subject) {
  const json& schema = part(description, "settings", &json::is_object);
  const json settings = json::parse(subject.settings);
  const auto check = host::SchemaCheck::make(schema);
  if (!check) throw Broken("\"settings\" is no JSON Schema of draft 7: " + check.error().text);
  expect_valid(*check, settings, "the given settings");
  const json properties = schema.value("properties", json::object());
  for (const auto& [name, setting] : properties.items())
    expect(setting.is_object() && setting.contains("description"),
           "the setting \"" + name + "\" has no description");
  for (const json& key : part(description, "pace_key", &json::is_array))
    expect(key.is_string() && properties.contains(key.get<std::string>()),
           "\"pace_key\" names " + key.dump() + ", which is no setting");
  json preview = settings;
  preview.merge_patch(part(description, "preview", &json::is_object));
  expect_valid(*check, preview, "the settings with its own preview patch");
}

}  // namespace

std::string description(const Subject& subject) {
  const Library library(subject);
  const std::string text = describe(library);
  expect(is_utf8(text), "it is not UTF-8");
  const json parsed = json::parse(text, nullptr, false);
  expect(parsed.is_object(), "it is no JSON object");
  expect_names(parsed, subject);
  expect_secrets(parsed, subject);
  expect_settings(parsed, subject);
  for (const json& version : part(parsed, "build", &json::is_object))
    expect(version.is_string(), "\"build\" has a version that is no text");
  return parsed["name"].get<std::string>() + " " + parsed["version"].get<std::string>();
}

}  // namespace judge
