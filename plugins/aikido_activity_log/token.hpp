// An access token and how long it serves. Times on the host's monotonic clock. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "plugins/aikido_activity_log/page.hpp"

namespace aikido {

constexpr size_t kLongestToken = 16 << 10;

// Overwritten, then emptied.
void wipe(std::string& text);

// The token's text and its life, as an answer gave them.
struct TokenAnswer {
  std::string text;
  int64_t life_s = 0;
};

// PROTOCOL where `body` has no token of visible ASCII up to 16 KiB. An unreadable life counts as
// five minutes, one above a day as a day: a 401 renews the token in any case.
Result<TokenAnswer> parse_token_answer(const std::string& body);

// Holds the token of the moment and wipes it when it goes.
class Token {
 public:
  Token() = default;
  Token(const Token&) = delete;
  Token& operator=(const Token&) = delete;
  ~Token() { drop(); }

  // `asked_ns`: when the request for it was sent; its life may have begun then.
  void take(TokenAnswer answer, int64_t asked_ns);
  void drop();

  // Serves until a tenth of its life before the end, at most five minutes. A token that was never
  // used serves once, however short its life: else a slow pace would renew for ever.
  bool serves(int64_t now_ns) const;
  // Value of the Authorization header.
  const std::string& use();

  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::string header_;
  int64_t renew_at_ns_ = 0;
  bool used_ = false;
};

}  // namespace aikido
