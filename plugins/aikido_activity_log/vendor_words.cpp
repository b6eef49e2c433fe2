#include "plugins/aikido_activity_log/vendor_words.hpp"

#include <curl/curl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>

#include "plugin_api/connector_plugin.hpp"

namespace aikido {
namespace {

constexpr size_t kLargestErrorBody = 64 << 10;
constexpr size_t kMostWords = 300;
constexpr const char* kHidden = "[hidden]";

std::string url_escaped(std::string_view text) {
  char* const escaped = curl_easy_escape(nullptr, text.data(), static_cast<int>(text.size()));
  if (!escaped) return {};
  std::string copy = escaped;
  OPENSSL_cleanse(escaped, copy.size());
  curl_free(escaped);
  return copy;
}

std::string json_escaped(std::string_view text, bool as_ascii) {
  using Json = nlohmann::json;
  const std::string quoted = Json(text).dump(-1, ' ', as_ascii, Json::error_handler_t::replace);
  return quoted.substr(1, quoted.size() - 2);
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const size_t first = std::min(text.find_first_not_of(kSpace), text.size());
  text.remove_prefix(first);
  return text.substr(0, text.find_last_not_of(kSpace) + 1);
}

// The first of `keys` whose value is a text; empty where there is none.
std::string text_member(const std::string& body, std::initializer_list<const char*> keys) {
  simdjson::dom::parser parser;
  simdjson::dom::element document;
  if (body.size() > kLargestErrorBody || parser.parse(body).get(document) != simdjson::SUCCESS)
    return {};
  for (const char* key : keys) {
    std::string_view text;
    if (document[key].get(text) == simdjson::SUCCESS && !text.empty()) return std::string(text);
  }
  return {};
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
    hide_form(base64(text));
    hide_form(url_escaped(text));
    hide_form(json_escaped(text, false));
    hide_form(json_escaped(text, true));
  }
  // The longest first, or a short form would leave the rest of a longer one standing.
  std::sort(forms_.begin(), forms_.end(),
            [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
}

std::string Redactor::apply(std::string text) const {
  for (const std::string& form : forms_)
    for (size_t at = text.find(form); at != std::string::npos;
         at = text.find(form, at + std::strlen(kHidden)))
      text.replace(at, form.size(), kHidden);
  return text;
}

std::string vendor_words(const std::string& body, const Redactor& redactor) {
  return clean(
      redactor.apply(text_member(body, {"error_description", "error", "reason_phrase", "message"})),
      kMostWords);
}

std::string oauth_error(const std::string& body) { return text_member(body, {"error"}); }

std::string clean(std::string text, size_t most) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  text.resize(connector::border::cut(text, most));
  return text;
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
