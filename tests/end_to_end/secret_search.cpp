#include "tests/end_to_end/secret_search.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <functional>
#include <nlohmann/json.hpp>

namespace end_to_end {
namespace {

using Each = std::function<std::string(unsigned char)>;

std::string escaped(std::string_view text, const Each& escape) {
  std::string all;
  for (const char c : text) all += escape(static_cast<unsigned char>(c));
  return all;
}

std::string formatted(const char* format, unsigned c) {
  char text[8];
  std::snprintf(text, sizeof text, format, c);
  return text;
}

Each every(const char* format) {
  return [format](unsigned char c) { return formatted(format, c); };
}

// All but what a URL may hold as it is; `space` in place of one.
Each unless_plain(const char* format, const std::string& space) {
  return [format, space](unsigned char c) {
    if (c == ' ' && !space.empty()) return space;
    const bool plain = std::isalnum(c) != 0 || std::string_view("-._~").find(
                                                   static_cast<char>(c)) != std::string_view::npos;
    return plain ? std::string(1, static_cast<char>(c)) : formatted(format, c);
  };
}

std::string html_character(unsigned char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    default:
      return std::string(1, static_cast<char>(c));
  }
}

std::string json(std::string_view text, bool ascii) {
  const std::string quoted = nlohmann::json(text).dump(-1, ' ', ascii);
  return quoted.substr(1, quoted.size() - 2);
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
  return text;
}

std::string base64(std::string_view bytes) {
  std::string text(4 * (bytes.size() / 3 + 1) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<size_t>(size));
  return text;
}

// The characters that `text` alone decides, wherever it stands within what is encoded.
std::string base64_within(std::string_view text, size_t before) {
  const std::string all = base64(std::string(before, 'x').append(text).append("xxx"));
  const size_t first = (before * 8 + 5) / 6;
  return all.substr(first, (before + text.size()) * 8 / 6 - first);
}

std::string url_alphabet(std::string text) {
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

}  // namespace

void SecretSearch::add(const std::string& name, std::string_view secret) {
  const auto form = [&](const char* how, std::string text) {
    forms_.push_back({name + " " + how, std::move(text)});
  };
  form("as it is", std::string(secret));
  form("with percent signs", escaped(secret, unless_plain("%%%02X", "")));
  form("with small percent signs", escaped(secret, unless_plain("%%%02x", "")));
  form("as a form field", escaped(secret, unless_plain("%%%02X", "+")));
  form("all in percent signs", escaped(secret, every("%%%02X")));
  form("all in small percent signs", escaped(secret, every("%%%02x")));
  form("in JSON", json(secret, false));
  form("in JSON of ASCII", json(secret, true));
  form("in JSON with slashes", replaced(json(secret, false), "/", "\\/"));
  form("in JSON of ASCII with slashes", replaced(json(secret, true), "/", "\\/"));
  form("all in \\u", escaped(secret, every("\\u%04x")));
  form("all in large \\u", escaped(secret, every("\\u%04X")));
  form("in HTML", escaped(secret, html_character));
  form("in hex", escaped(secret, every("%02x")));
  form("in large hex", escaped(secret, every("%02X")));
  for (size_t before = 0; before < 3; ++before) {
    form("in base64", base64_within(secret, before));
    form("in base64url", url_alphabet(base64_within(secret, before)));
  }
}

std::vector<std::string> SecretSearch::found_in(std::string_view bytes) const {
  std::vector<std::string> found;
  for (const Form& form : forms_)
    if (bytes.find(form.text) != std::string_view::npos) found.push_back(form.what);
  return found;
}

}  // namespace end_to_end
