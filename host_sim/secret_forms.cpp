#include "host_sim/secret_forms.hpp"

#include <algorithm>
#include <cstdio>

#include "host_sim/base64.hpp"

namespace host {
namespace {

// What of base64(anything + secret + anything) the secret alone decides, when `before` bytes
// (0 to 2, for three make whole characters) stand before it.
std::string base64_within(std::string_view secret, size_t before) {
  const std::string padded = std::string(before, '\0').append(secret);
  const size_t first = (before * 8 + 5) / 6;
  const size_t end = padded.size() * 8 / 6;
  return to_base64(padded).substr(first, end - first);
}

template <class Escape>
std::string escaped(std::string_view secret, Escape&& escape) {
  std::string text;
  for (const char character : secret) text += escape(static_cast<unsigned char>(character));
  return text;
}

std::string formatted(const char* format, unsigned character) {
  char text[8];
  std::snprintf(text, sizeof text, format, character);
  return text;
}

std::string all(std::string_view secret, const char* format) {
  return escaped(secret, [format](unsigned char c) { return formatted(format, c); });
}

std::string html_escaped(std::string_view secret) {
  return escaped(secret, [](unsigned char c) -> std::string {
    if (c == '&') return "&amp;";
    if (c == '<') return "&lt;";
    if (c == '>') return "&gt;";
    return c == '"' ? "&quot;" : std::string(1, static_cast<char>(c));
  });
}

std::string in_url_alphabet(std::string text) {
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

}  // namespace

std::vector<std::string> forms_of(std::string_view secret) {
  std::vector<std::string> forms = {std::string(secret), html_escaped(secret)};
  for (const char* format : {"%02x", "%02X"}) forms.push_back(all(secret, format));
  for (size_t before = 0; before < 3; ++before) {
    forms.push_back(base64_within(secret, before));
    forms.push_back(in_url_alphabet(forms.back()));
  }
  std::sort(forms.begin(), forms.end());
  forms.erase(std::unique(forms.begin(), forms.end()), forms.end());
  return forms;
}

}  // namespace host
