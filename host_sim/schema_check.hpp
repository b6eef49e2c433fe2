// Settings against a plugin's JSON Schema (draft 7).
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "host_sim/plugin.hpp"

namespace host {

// One value that the schema refuses.
struct SchemaFault {
  std::string pointer;  // JSON pointer to the value
  std::string missing;  // the property that it lacks, or empty
  std::string text;     // the validator's own words, in terms of the schema
};

// A schema, compiled once. Any thread.
class SchemaCheck {
 public:
  // The error says what is wrong with the schema.
  static Result<SchemaCheck> make(const nlohmann::json& schema);
  SchemaCheck(SchemaCheck&& other) noexcept;
  ~SchemaCheck();

  // At most one fault a value, besides each property that it lacks. A text of over some 8 KiB could
  // exhaust the stack of a regular expression: the caller caps it. The error: the schema cannot be
  // applied (a `pattern` that is no regular expression).
  Result<std::vector<SchemaFault>> check(const nlohmann::json& settings) const;

 private:
  struct Impl;
  explicit SchemaCheck(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace host
