// Keeps secrets out of texts that are shown: what Aikido says may echo what it was sent.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aikido {

// Texts that must never be shown, in the forms in which an answer could echo them: as they are, in
// URLs, in JSON, in hex, and in base64 wherever they stand within what was encoded. Wiped when it
// goes. One thread.
class Redactor {
 public:
  Redactor() = default;
  Redactor(const Redactor&) = delete;
  Redactor& operator=(const Redactor&) = delete;
  ~Redactor();

  void hide(std::string_view secret);
  std::string apply(std::string_view text) const;

 private:
  void hide_form(std::string form);
  void hide_base64(std::string_view text);

  std::vector<std::string> forms_;
};

// Base64 of RFC 4648, with padding.
std::string base64(std::string_view bytes);

}  // namespace aikido
