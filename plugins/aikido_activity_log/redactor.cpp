#include "plugins/aikido_activity_log/redactor.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cstdio>

#include "plugin_api/hidden_text.hpp"

namespace aikido {
namespace {

constexpr const char* kHidden = "[hidden]";
constexpr size_t kShortestWithin = 4;  // less decides next to nothing, and would hide other text

std::string each(std::string_view text, const char* format) {
  std::string all;
  for (const char c : text) {
    char escaped[8];
    std::snprintf(escaped, sizeof escaped, format, static_cast<unsigned char>(c));
    all += escaped;
  }
  return all;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const size_t first = std::min(text.find_first_not_of(kSpace), text.size());
  text.remove_prefix(first);
  return text.substr(0, text.find_last_not_of(kSpace) + 1);
}

}  // namespace

Redactor::~Redactor() {
  for (std::string& form : forms_) OPENSSL_cleanse(form.data(), form.size());
}

void Redactor::hide_form(std::string form) {
  if (form.empty() || std::find(forms_.begin(), forms_.end(), form) != forms_.end()) return;
  forms_.push_back(std::move(form));
}

void Redactor::hide(std::string_view secret) {
  for (const std::string_view text : {secret, trimmed(secret)}) {
    hide_form(std::string(text));
    for (const char* format : {"%02x", "%02X"}) hide_form(each(text, format));
    hide_base64(text);
  }
}

// On its own, or within more: what the text alone decides then, for up to two bytes before it share
// a character with it.
void Redactor::hide_base64(std::string_view text) {
  hide_form(base64(text));
  if (text.size() < kShortestWithin) return;
  for (size_t before = 0; before < 3; ++before) {
    const std::string padded = std::string(before, '\0').append(text);
    const size_t first = (before * 8 + 5) / 6;
    std::string form = base64(padded).substr(first, padded.size() * 8 / 6 - first);
    hide_form(form);
    std::replace(form.begin(), form.end(), '+', '-');
    std::replace(form.begin(), form.end(), '/', '_');
    hide_form(std::move(form));
  }
}

std::string Redactor::apply(std::string_view text) const {
  return connector::hide(text, forms_, kHidden);
}

std::string base64(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<size_t>(size));
  return text;
}

}  // namespace aikido
