#include "host_sim/plain_text.hpp"

#include <simdjson.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>
#include <optional>
#include <utility>

#include "plugin_api/connector_plugin.hpp"

namespace host {
namespace {

using nlohmann::json;

// The JSON library knows UTF-8: writing a text replaces what is none, reading it gives it back.
std::string valid_utf8(std::string_view text) {
  const std::string written = json(text).dump(-1, ' ', false, json::error_handler_t::replace);
  return json::parse(written).get<std::string>();
}

// U+200B, U+200E, U+200F, U+2028 to U+202E and U+2066 to U+2069: they hide, end lines, or turn text
// around.
bool is_hidden_mark(std::string_view character) {
  const auto between = [&](const char* first, const char* last) {
    return first <= character && character <= last;
  };
  return character == "\xE2\x80\x8B" || between("\xE2\x80\x8E", "\xE2\x80\x8F") ||
         between("\xE2\x80\xA8", "\xE2\x80\xAE") || between("\xE2\x81\xA6", "\xE2\x81\xA9");
}

// C1 controls (U+0080 to U+009F) steer some terminals; U+061C turns text around.
bool is_control_of_two_bytes(std::string_view character) {
  return ("\xC2\x80" <= character && character <= "\xC2\x9F") || character == "\xD8\x9C";
}

// Of valid UTF-8.
std::string without_controls(std::string text, bool keep_newlines) {
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte == '\n' && keep_newlines) continue;
    if (byte < 0x20 || byte == 0x7F) text[i] = ' ';
    if (is_control_of_two_bytes(std::string_view(text).substr(i, 2))) text.replace(i, 2, " ");
    if (is_hidden_mark(std::string_view(text).substr(i, 3))) text.replace(i, 3, " ");
  }
  return text;
}

// Levenshtein's distance.
size_t distance(std::string_view from, std::string_view to) {
  std::vector<size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < from.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i + 1);
    for (size_t j = 0; j < to.size(); ++j) {
      const size_t replaced = diagonal + (from[i] == to[j] ? 0 : 1);
      diagonal = std::exchange(row[j + 1], std::min({row[j] + 1, row[j + 1] + 1, replaced}));
    }
  }
  return row.back();
}

}  // namespace

std::string one_line(std::string_view text) { return without_controls(valid_utf8(text), false); }

std::string plain_lines(std::string_view text) { return without_controls(valid_utf8(text), true); }

bool is_utf8(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

std::string_view cut(std::string_view text, size_t most) {
  return text.substr(0, connector::border::cut(text, most));
}

size_t remedy_separator(std::string_view line) {
  std::vector<size_t> found;
  std::vector<size_t> open;     // how many were found before each bracket that is not closed yet
  std::optional<size_t> quote;  // the same
  const auto is_one_of = [](char c, std::string_view these) {
    return these.find(c) != std::string_view::npos;
  };
  for (size_t at = 0; at < line.size(); ++at) {
    if (line[at] == '"' && quote) {
      found.resize(*std::exchange(quote, std::nullopt));
    } else if (line[at] == '"') {
      quote = found.size();
    } else if (!quote && is_one_of(line[at], "([{")) {
      open.push_back(found.size());
    } else if (!quote && is_one_of(line[at], ")]}") && !open.empty()) {
      found.resize(open.back());
      open.pop_back();
    } else if (line.substr(at).starts_with("; ")) {
      found.push_back(at);
    }
  }
  return found.empty() ? std::string_view::npos : found.back();
}

std::string meant(std::string_view word, const std::vector<std::string>& candidates) {
  constexpr size_t kLongest = 64;  // nobody mistypes longer names, and the effort is quadratic
  if (word.size() > kLongest) return {};
  std::string best;
  size_t least = word.size() / 3 + 2;  // two letters that changed places count as two
  for (const std::string& candidate : candidates) {
    const size_t away = distance(word, candidate);
    if (away >= least || away >= word.size()) continue;
    least = away;
    best = candidate;
  }
  return best;
}

}  // namespace host
