// What a JSON Schema says of one place in the settings: enough to read a YAML scalar as it was
// meant, and to tell people what should stand there.
#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace host {

// A view; the schema outlives it.
class SettingsSchema {
 public:
  explicit SettingsSchema(const nlohmann::json& root) : SettingsSchema(root, &root) {}

  SettingsSchema property(const std::string& name) const;
  SettingsSchema item(size_t index) const;
  // What the schema says of the place that a JSON pointer names.
  SettingsSchema at(const std::string& pointer) const;

  // "string", "integer", ... ; empty: any.
  std::set<std::string> types() const;
  // Of an object to which nothing may be added.
  bool is_closed() const;
  std::vector<std::string> property_names() const;

  // Texts that may stand there, among others.
  std::vector<std::string> examples() const;

  // "must be a number above 0, at most 10 (how many requests a second)", or empty where the schema
  // says nothing that could be told.
  std::string demand() const;
  std::string description() const;  // one line, or empty

 private:
  SettingsSchema(const nlohmann::json& root, const nlohmann::json* here);
  const nlohmann::json& member(const char* key) const;
  void add_types(std::set<std::string>& to, int depth) const;
  std::string kind() const;
  std::string bounds() const;

  const nlohmann::json* root_;
  const nlohmann::json* here_;  // never null; {} where nothing is said
};

}  // namespace host
