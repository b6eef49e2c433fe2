// What Aikido says about an error, made fit to be shown: the first text it gives, without secrets,
// without control characters, of bounded length.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aikido {

// Texts that must never be shown, in the forms in which an answer could echo them: as they are, in
// base64, URL-escaped, JSON-escaped. Wiped when it goes. One thread.
class Redactor {
 public:
  Redactor() = default;
  Redactor(const Redactor&) = delete;
  Redactor& operator=(const Redactor&) = delete;
  ~Redactor();

  void hide(std::string_view secret);
  std::string apply(std::string text) const;

 private:
  void hide_form(std::string form);

  std::vector<std::string> forms_;
};

// The first of error_description, error, reason_phrase and message that is a text (Aikido uses all
// four); empty where `body` has none. Redacted and cleaned.
std::string vendor_words(const std::string& body, const Redactor& redactor);

// `error` of an OAuth answer ("invalid_client"), for comparison only; never shown.
std::string oauth_error(const std::string& body);

// Control characters become spaces; cut to `most` bytes between characters.
std::string clean(std::string text, size_t most);

// Base64 of RFC 4648, with padding.
std::string base64(std::string_view bytes);

}  // namespace aikido
