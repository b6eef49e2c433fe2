// An HTTP answer of any bytes, through libcurl from a socket: what comes of it is within the caps,
// and its headers are clean texts that the answer held.
#include "tests/aikido_activity_log/answering_server.hpp"
#include "tests/fuzz/law.hpp"

namespace {

using aikido::HttpAnswer;
using aikido::NoAnswer;
using fuzz::law;

void check_header(const std::string& value, const std::string& bytes) {
  law(value.find_first_of("\r\n") == std::string::npos, "a header is one line");
  if (value.empty()) return;
  law(value.front() != ' ' && value.back() != ' ', "without space around");
  law(bytes.find(value) != std::string::npos, "and as it was sent");
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string bytes = fuzz::text_of(data, size);
  static aikido::AnsweringServer server;
  law(server.ready(), "there is a server");
  const HttpAnswer answer = server.ask(bytes);
  law(answer.body.size() <= aikido::kLargestBody, "a body is within its cap");
  for (const std::string& value : {answer.date, answer.retry_after, answer.has_next_page})
    check_header(value, bytes);
  const bool came = answer.failure == NoAnswer::kNone;
  law(came == answer.detail.empty(), "a failure says why, and a success has nothing to say");
  law(came ? answer.status >= 100 && answer.status <= 999 : answer.status == 0,
      "an answer has a status");
  law(answer.failure != NoAnswer::kResolve && answer.failure != NoAnswer::kTls,
      "a broken answer is not taken for another trouble");
  return 0;
}
