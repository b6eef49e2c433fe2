// What libcurl does with texts, without its ways of owning them.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>
#include <string_view>

namespace aikido {

// Percent-encoded. The copy that libcurl made is wiped.
std::string url_escaped(std::string_view text);

// The parts of a URL. Any scheme passes. One thread.
class UrlParts {
 public:
  // `flags` as libcurl has them, CURLU_GUESS_SCHEME for example.
  explicit UrlParts(const std::string& url, unsigned flags = 0);

  bool valid() const { return valid_; }
  // Empty where the URL has none.
  std::string get(CURLUPart part, unsigned flags = 0) const;

 private:
  std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> url_;
  bool valid_ = false;
};

}  // namespace aikido
