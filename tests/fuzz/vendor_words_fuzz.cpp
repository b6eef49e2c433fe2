// What Aikido says about an error, shown to people: never a secret in any form in which it could be
// echoed, never a control character, never long.
#include <fuzzer/FuzzedDataProvider.h>

#include <nlohmann/json.hpp>

#include "plugins/aikido_activity_log/vendor_words.hpp"
#include "tests/fuzz/law.hpp"

namespace {

using aikido::Redactor;
using fuzz::law;
using nlohmann::json;

constexpr size_t kMostShown = 300;

// Letters and digits: nothing that "[hidden]" and the words around it could put together anew.
std::string some_secret(FuzzedDataProvider& in) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  std::string secret;
  for (size_t size = in.ConsumeIntegralInRange<size_t>(8, 40); size > 0; --size)
    secret += kLetters[in.ConsumeIntegralInRange<size_t>(0, kLetters.size() - 1)];
  return secret;
}

void check_shown(const std::string& shown, const std::string& secret) {
  law(!fuzz::has_control(shown), "what is shown is one line");
  law(shown.size() <= kMostShown, "and short");
  law(shown.find(secret) == std::string::npos, "and shows no secret");
  law(shown.find(aikido::base64(secret)) == std::string::npos, "nor its base64");
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FuzzedDataProvider in(data, size);
  const std::string secret = some_secret(in);
  Redactor redactor;
  redactor.hide(secret + "\n");  // as a file would hold it
  const std::string before = in.ConsumeRandomLengthString(400);
  const std::string after = in.ConsumeRemainingBytesAsString();
  check_shown(aikido::vendor_words(after, redactor), secret);
  for (const std::string& echoed : {secret, aikido::base64(secret)}) {
    const json answer = {{"error", before + echoed + after}};
    const std::string body = answer.dump(-1, ' ', false, json::error_handler_t::replace);
    check_shown(aikido::vendor_words(body, redactor), secret);
    check_shown(aikido::vendor_words(before + echoed + after, redactor), secret);
  }
  (void)aikido::oauth_error(after);
  return 0;
}
