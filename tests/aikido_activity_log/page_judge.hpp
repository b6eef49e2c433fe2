// An independent judge of an activity log's page: nlohmann's grammar, and white space taken out the
// simple way.
#pragma once

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "plugins/aikido_activity_log/json_walk.hpp"

namespace aikido {

// Follows the events of a text: is it an array of objects? Overflows are no verdict, since numbers
// beyond a double's range are valid JSON.
struct PageJudge : nlohmann::json_sax<nlohmann::json> {
  bool element(bool is_object) {
    objects &= depth == 1 ? is_object : depth > 1;
    return true;
  }
  bool deeper() {
    deepest = std::max(deepest, ++depth);
    return true;
  }
  bool null() override { return element(false); }
  bool boolean(bool) override { return element(false); }
  bool number_integer(number_integer_t) override { return element(false); }
  bool number_unsigned(number_unsigned_t) override { return element(false); }
  bool number_float(number_float_t, const string_t&) override { return element(false); }
  bool string(string_t&) override { return element(false); }
  bool binary(binary_t&) override { return element(false); }
  bool start_object(size_t) override { return element(true) && deeper(); }
  bool key(string_t&) override { return true; }
  bool end_object() override { return --depth, true; }
  bool start_array(size_t) override { return (depth == 0 || element(false)) && deeper(); }
  bool end_array() override { return --depth, true; }
  bool parse_error(size_t, const std::string&, const nlohmann::detail::exception& error) override {
    overflow = error.id == 406;
    return false;
  }

  int depth = 0;
  int deepest = 0;
  bool objects = true;
  bool overflow = false;
};

// The grammar allows escapes of lone surrogates, nlohmann does not: they become another character.
inline std::string without_surrogates(std::string text) {
  for (size_t at = text.find("\\u"); at != std::string::npos; at = text.find("\\u", at + 1))
    if (at + 2 < text.size() && (text[at + 2] | 0x20) == 'd') text[at + 2] = '0';
  return text;
}

// What the page's parser is to say of a text; nothing where this judge cannot tell. nlohmann takes
// a NUL for the end of its input and passes over a byte order mark.
inline std::optional<bool> is_array_of_objects(const std::string& original) {
  if (original.find('\0') != std::string::npos) return false;
  if (original.starts_with("\xEF\xBB\xBF")) return std::nullopt;
  const std::string text = without_surrogates(original);
  PageJudge judge;
  const bool valid = nlohmann::json::sax_parse(text, &judge);
  if (judge.overflow) return std::nullopt;
  return valid && judge.objects && judge.deepest <= 1 + kDeepestNesting;
}

inline std::string without_space(const std::string& text) {
  std::string compact;
  bool inside = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool quote = text[i] == '"';
    if (inside && text[i] == '\\')
      compact += text[i++];
    else if (quote)
      inside = !inside;
    if (inside || quote || std::strchr(" \t\r\n", text[i]) == nullptr) compact += text[i];
  }
  return compact;
}

}  // namespace aikido
