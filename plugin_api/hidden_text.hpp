// Keeping secrets out of text that is shown, for both sides of the border: whoever echoes one may
// have escaped all, some or none of it, once or more often.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace connector {
namespace hiding {

constexpr int kMostLayers = 4;  // an escape of an escape of ...

// Text of which every byte knows where it came from.
struct Traced {
  std::string text;
  std::vector<size_t> from;  // one more than bytes: the last is the end
};

inline std::optional<uint32_t> hex(std::string_view digits) {
  uint32_t value = 0;
  for (const char c : digits) {
    const char lower = static_cast<char>(c | 0x20);
    const bool letter = lower >= 'a' && lower <= 'f';
    if (!letter && (c < '0' || c > '9')) return std::nullopt;
    value = value * 16 + static_cast<uint32_t>(letter ? lower - 'a' + 10 : c - '0');
  }
  return value;
}

inline std::string utf8(uint32_t code) {
  const auto byte = [](uint32_t bits) { return static_cast<char>(bits); };
  if (code < 0x80) return {byte(code)};
  if (code < 0x800) return {byte(0xC0 | code >> 6), byte(0x80 | (code & 0x3F))};
  const char last[] = {byte(0x80 | (code >> 6 & 0x3F)), byte(0x80 | (code & 0x3F))};
  if (code < 0x10000) return {byte(0xE0 | code >> 12), last[0], last[1]};
  return {byte(0xF0 | code >> 18), byte(0x80 | (code >> 12 & 0x3F)), last[0], last[1]};
}

// What stands for something else at the beginning of a text: how much of it, and for what.
struct Escape {
  size_t size = 0;
  std::string means;
};

// \u and four digits, with the second half where that is a surrogate.
inline Escape unicode_escape(std::string_view text) {
  const auto unit = [text](size_t at) {
    return text.size() >= at + 6 && text.substr(at, 2) == "\\u" ? hex(text.substr(at + 2, 4))
                                                                : std::nullopt;
  };
  const std::optional<uint32_t> first = unit(0);
  if (!first) return {};
  const std::optional<uint32_t> second = unit(6);
  const bool pair = (*first & 0xFC00) == 0xD800 && second && (*second & 0xFC00) == 0xDC00;
  if (!pair) return {6, utf8(*first)};
  return {12, utf8(0x10000 + ((*first & 0x3FF) << 10) + (*second & 0x3FF))};
}

inline Escape escape_at(std::string_view text, bool plus_is_space) {
  if (text[0] == '+' && plus_is_space) return {1, " "};
  if (text.size() < 2) return {};
  if (text[0] == '%') {
    const auto byte = text.size() >= 3 ? hex(text.substr(1, 2)) : std::nullopt;
    return byte ? Escape{3, std::string(1, static_cast<char>(*byte))} : Escape{};
  }
  if (text[0] != '\\') return {};
  if (text[1] == 'u') return unicode_escape(text);
  constexpr std::string_view kLetters = "\"\\/bfnrt";
  constexpr std::string_view kMeans = "\"\\/\b\f\n\r\t";
  const size_t which = kLetters.find(text[1]);
  return which == std::string_view::npos ? Escape{} : Escape{2, std::string(1, kMeans[which])};
}

// One layer of URL and JSON escapes taken off.
inline Traced unescaped(const Traced& traced, bool plus_is_space) {
  const std::string_view text = traced.text;
  Traced result;
  for (size_t at = 0; at < text.size();) {
    Escape escape = escape_at(text.substr(at), plus_is_space);
    if (escape.size == 0) escape = {1, std::string(1, text[at])};
    result.text += escape.means;
    result.from.insert(result.from.end(), escape.means.size(), traced.from[at]);
    at += escape.size;
  }
  result.from.push_back(traced.from.back());
  return result;
}

// What becomes of UTF-8 that somebody takes for Latin-1.
inline std::string misread(std::string_view text) {
  std::string all;
  for (const char c : text) all += utf8(static_cast<unsigned char>(c));
  return all;
}

using Ranges = std::vector<std::pair<size_t, size_t>>;

inline void find_forms(const Traced& traced, const std::vector<std::string>& forms,
                       Ranges& ranges) {
  for (const std::string& plain : forms)
    for (const std::string& form : {plain, misread(plain)})
      for (size_t at = traced.text.find(form); !form.empty() && at != std::string::npos;
           at = traced.text.find(form, at + 1))
        ranges.emplace_back(traced.from[at], traced.from[at + form.size()]);
}

inline void find_in_layers(Traced traced, const std::vector<std::string>& forms, bool plus_is_space,
                           Ranges& ranges) {
  for (int layer = 0; layer < kMostLayers; ++layer) {
    Traced next = unescaped(traced, plus_is_space);
    if (next.text == traced.text) return;
    traced = std::move(next);
    find_forms(traced, forms, ranges);
  }
}

}  // namespace hiding

// `text` with `mark` in the place of every one of `forms`, whichever of their characters are
// written as %2f, \u002f, \/ or, for a space, as +.
inline std::string hide(std::string_view text, const std::vector<std::string>& forms,
                        std::string_view mark) {
  hiding::Traced traced{std::string(text), std::vector<size_t>(text.size() + 1)};
  for (size_t i = 0; i <= text.size(); ++i) traced.from[i] = i;
  hiding::Ranges ranges;
  hiding::find_forms(traced, forms, ranges);
  if (text.find_first_of("%\\+") != std::string_view::npos)
    for (const bool plus_is_space : {false, true})
      hiding::find_in_layers(traced, forms, plus_is_space, ranges);
  std::sort(ranges.begin(), ranges.end());
  std::string shown;
  size_t done = 0;
  for (auto range = ranges.begin(); range != ranges.end();) {
    const size_t begin = range->first;
    size_t end = range->second;
    while (++range != ranges.end() && range->first < end) end = std::max(end, range->second);
    shown.append(text.substr(done, begin - done)).append(mark);
    done = end;
  }
  return shown.append(text.substr(done));
}

}  // namespace connector
