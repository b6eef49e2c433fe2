#include "host_sim/scrubber.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "host_sim/base64.hpp"
#include "host_sim/secrets.hpp"

namespace host {
namespace {

constexpr size_t kShortest = 4;
constexpr std::string_view kScrubbed = "[secret]";

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

std::string url_escaped(std::string_view secret, const char* format) {
  return escaped(secret, [format](unsigned char c) {
    const bool plain = std::isalnum(c) || c == '-' || c == '_' || c == '.' || c == '~';
    return plain ? std::string(1, static_cast<char>(c)) : formatted(format, c);
  });
}

// As writers do that keep to ASCII.
std::string json_ascii(std::string_view secret) {
  using Json = nlohmann::json;
  const std::string quoted = Json(secret).dump(-1, ' ', true, Json::error_handler_t::replace);
  return quoted.substr(1, quoted.size() - 2);
}

std::string json_escaped(std::string_view secret, bool slashes) {
  return escaped(secret, [slashes](unsigned char c) {
    if (c == '"' || c == '\\' || (c == '/' && slashes))
      return std::string("\\") + static_cast<char>(c);
    return c < 0x20 ? formatted("\\u%04x", c) : std::string(1, static_cast<char>(c));
  });
}

void to_url_alphabet(std::string& text) {
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
}

std::vector<std::string> forms_of(std::string_view secret) {
  std::vector<std::string> forms = {std::string(secret),           url_escaped(secret, "%%%02X"),
                                    url_escaped(secret, "%%%02x"), json_escaped(secret, false),
                                    json_escaped(secret, true),    json_ascii(secret)};
  for (size_t before = 0; before < 3; ++before) {
    forms.push_back(base64_within(secret, before));
    forms.push_back(forms.back());
    to_url_alphabet(forms.back());
  }
  return forms;
}

void replace_all(std::string& line, std::string_view form) {
  for (size_t at = line.find(form); at != std::string::npos;
       at = line.find(form, at + kScrubbed.size()))
    line.replace(at, form.size(), kScrubbed);
}

}  // namespace

Scrubber::~Scrubber() {
  for (std::string& form : forms_) OPENSSL_cleanse(form.data(), form.size());
}

void Scrubber::learn(const std::shared_ptr<const SecretValue>& secret) {
  const std::lock_guard lock(mutex_);
  if (secret->text().size() < kShortest) return;
  const auto same = [&](const auto& known) { return known->text() == secret->text(); };
  if (std::any_of(known_.begin(), known_.end(), same)) return;
  known_.push_back(secret);
  for (std::string& form : forms_of(secret->text())) forms_.push_back(std::move(form));
  std::sort(forms_.begin(), forms_.end(),
            [](const auto& a, const auto& b) { return a.size() > b.size(); });
}

std::string Scrubber::scrub(std::string_view line) {
  const std::lock_guard lock(mutex_);
  std::string clean(line);
  for (const std::string& form : forms_) replace_all(clean, form);
  return clean;
}

}  // namespace host
