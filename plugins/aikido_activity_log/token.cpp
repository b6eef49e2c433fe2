#include "plugins/aikido_activity_log/token.hpp"

#include <openssl/crypto.h>
#include <simdjson.h>

#include <algorithm>

namespace aikido {
namespace {

constexpr int64_t kLifeUnknownS = 300;
constexpr int64_t kLongestLifeS = 86'400;
constexpr int64_t kLongestMargin = 300 * kNsPerSecond;

int64_t read_life(simdjson::dom::element answer) {
  double seconds = 0;
  if (answer["expires_in"].get(seconds) != simdjson::SUCCESS) return kLifeUnknownS;
  return static_cast<int64_t>(std::clamp<double>(seconds, 1, kLongestLifeS));
}

Error no_token(const char* what) {
  return {Status::kProtocol, std::string("Aikido's token answer ") + what +
                                 "; check that base_url or region names Aikido itself"};
}

}  // namespace

void wipe(std::string& text) {
  OPENSSL_cleanse(text.data(), text.size());
  text.clear();
}

Result<TokenAnswer> parse_token_answer(const std::string& body) {
  simdjson::dom::parser parser;
  simdjson::dom::element answer;
  std::string_view text;
  if (parser.parse(body).get(answer) != simdjson::SUCCESS || !answer.is_object())
    return no_token("is not a JSON object");
  if (answer["access_token"].get(text) != simdjson::SUCCESS || text.empty())
    return no_token("has no access_token");
  if (text.size() > kLongestToken) return no_token("has an access_token of more than 16 KiB");
  if (!std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F; }))
    return no_token("has an access_token with characters that no token has");
  return TokenAnswer{std::string(text), read_life(answer)};
}

void Token::take(TokenAnswer answer, int64_t asked_ns) {
  drop();
  const int64_t life_ns = answer.life_s * kNsPerSecond;
  renew_at_ns_ = asked_ns + life_ns - std::min(life_ns / 10, kLongestMargin);
  header_ = "Bearer " + answer.text;
  text_ = std::move(answer.text);
  used_ = false;
}

void Token::drop() {
  wipe(text_);
  wipe(header_);
}

bool Token::serves(int64_t now_ns) const {
  return !text_.empty() && (!used_ || now_ns < renew_at_ns_);
}

const std::string& Token::use() {
  used_ = true;
  return header_;
}

}  // namespace aikido
