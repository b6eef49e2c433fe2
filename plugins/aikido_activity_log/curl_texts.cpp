#include "plugins/aikido_activity_log/curl_texts.hpp"

#include <openssl/crypto.h>

#include <cstring>

namespace aikido {
namespace {

std::string taken(char* text) {
  if (!text) return {};
  std::string copy = text;
  OPENSSL_cleanse(text, copy.size());
  curl_free(text);
  return copy;
}

}  // namespace

std::string url_escaped(std::string_view text) {
  return taken(curl_easy_escape(nullptr, text.data(), static_cast<int>(text.size())));
}

UrlParts::UrlParts(const std::string& url, unsigned flags)
    : url_(curl_url(), curl_url_cleanup),
      valid_(url_ && curl_url_set(url_.get(), CURLUPART_URL, url.c_str(),
                                  flags | CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK) {}

std::string UrlParts::get(CURLUPart part, unsigned flags) const {
  char* text = nullptr;
  return curl_url_get(url_.get(), part, &text, flags) == CURLUE_OK ? taken(text) : std::string();
}

}  // namespace aikido
