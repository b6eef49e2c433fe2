#include "tests/fake_aikido/json_layout.hpp"

#include <cstddef>

namespace fake_aikido {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Calls `take` with each character and whether it is part of a string.
template <class Take>
void walk(std::string_view json, Take take) {
  bool in_string = false;
  bool escaped = false;
  for (const char c : json) {
    const bool quote = c == '"' && !escaped;
    take(c, in_string || quote);
    if (quote) in_string = !in_string;
    escaped = in_string && c == '\\' && !escaped;
  }
}

}  // namespace

std::string compact(std::string_view json) {
  std::string text;
  walk(json, [&text](char c, bool in_string) {
    if (in_string || !is_space(c)) text += c;
  });
  return text;
}

std::string pretty(std::string_view json) {
  std::string text;
  size_t depth = 0;
  const auto new_line = [&] { text += '\n' + std::string(2 * depth, ' '); };
  walk(compact(json), [&](char c, bool in_string) {
    const bool closes = !in_string && (c == '}' || c == ']');
    if (closes && depth > 0) --depth;
    if (closes) new_line();
    text += c;
    if (in_string) return;
    if (c == '{' || c == '[') ++depth;
    if (c == '{' || c == '[' || c == ',') new_line();
    if (c == ':') text += ' ';
  });
  return text + '\n';
}

}  // namespace fake_aikido
