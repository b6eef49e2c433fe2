// An answer of the token endpoint: what is taken is a token that a header can carry, with a life
// within a day; every plain answer is taken.
#include "plugins/aikido_activity_log/token.hpp"
#include "tests/fuzz/first_members.hpp"
#include "tests/fuzz/law.hpp"

namespace {

using aikido::TokenAnswer;
using fuzz::law;

bool is_token(const nlohmann::json& value) {
  if (!value.is_string()) return false;
  const auto& text = value.get_ref<const std::string&>();
  const auto visible = [](char c) { return c > ' ' && c < 0x7F; };
  return !text.empty() && text.size() <= aikido::kLongestToken &&
         std::all_of(text.begin(), text.end(), visible);
}

// Whether nlohmann finds a token in it, first member of that name.
void check_verdict(const std::string& body, const aikido::Result<TokenAnswer>& answer) {
  const fuzz::FirstMembers read(body);
  if (!read.judges_like_simdjson()) return;
  const nlohmann::json& token = read.member("access_token");
  law(static_cast<bool>(answer) == is_token(token), "a token is taken where there is one");
  if (answer) law(answer->text == token, "the token is the text that was sent");
}

void check_life(const TokenAnswer& answer) {
  aikido::Token token;
  token.take(answer, 0);
  law(token.serves(INT64_MAX), "a new token serves once");
  law(token.use() == "Bearer " + answer.text, "its header names it");
  law(!token.serves(answer.life_s * aikido::kNsPerSecond), "none outlives its life");
  law(token.serves(answer.life_s * aikido::kNsPerSecond / 10 * 8), "it serves most of its life");
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string body = fuzz::text_of(data, size);
  const aikido::Result<TokenAnswer> answer = aikido::parse_token_answer(body);
  check_verdict(body, answer);
  if (!answer) {
    law(answer.error().status == connector::Status::kProtocol, "a refusal is PROTOCOL");
    law(!fuzz::has_control(answer.error().text), "a refusal is one line");
    return 0;
  }
  law(is_token(answer->text), "a token is visible ASCII of bounded size");
  law(answer->life_s >= 1 && answer->life_s <= 86'400, "its life is a second to a day");
  check_life(*answer);
  return 0;
}
