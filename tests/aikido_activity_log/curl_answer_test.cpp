// The caps of an answer, exact to the line and the byte.
#include "plugins/aikido_activity_log/curl_answer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/aikido_activity_log/answering_server.hpp"

namespace aikido {
namespace {

using testing::HasSubstr;

const std::string kStatusLine = "HTTP/1.1 200 OK\r\n";
const std::string kEndOfHeaders = "\r\n";

std::string with_lines(size_t count) {
  std::string headers = kStatusLine;
  for (size_t line = 2; line < count; ++line) headers += "X: y\r\n";
  return headers + kEndOfHeaders;
}

// libcurl itself takes no line of over 100 KiB.
std::string with_header_bytes(size_t size) {
  const std::string full = "X: " + std::string((50 << 10) - 5, 'y') + "\r\n";
  std::string headers = kStatusLine;
  while (headers.size() + full.size() + 100 < size) headers += full;
  const size_t rest = size - headers.size() - kEndOfHeaders.size();
  return headers + "X: " + std::string(rest - 5, 'y') + "\r\n" + kEndOfHeaders;
}

TEST(CurlAnswer, MayHave500LinesOfHeadersAndNoMore) {
  AnsweringServer server;
  ASSERT_TRUE(server.ready());
  EXPECT_EQ(server.ask(with_lines(kMostHeaderLines)).status, 200);
  const HttpAnswer over = server.ask(with_lines(kMostHeaderLines + 1));
  EXPECT_EQ(over.failure, NoAnswer::kTooLarge);
  EXPECT_THAT(over.detail, HasSubstr("headers have no end (over 256 KiB or 500 lines)"));
}

TEST(CurlAnswer, MayHave256KiBOfHeadersAndNoMore) {
  AnsweringServer server;
  ASSERT_EQ(with_header_bytes(kLargestHeaders).size(), kLargestHeaders);
  EXPECT_EQ(server.ask(with_header_bytes(kLargestHeaders)).status, 200);
  EXPECT_EQ(server.ask(with_header_bytes(kLargestHeaders + 1)).failure, NoAnswer::kTooLarge);
}

TEST(CurlAnswer, MayHave64MiBOfBodyAndNoMore) {
  AnsweringServer server;
  const std::string head = kStatusLine + kEndOfHeaders;
  HttpAnswer answer = server.ask(head + std::string(kLargestBody, 'x'));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body.size(), kLargestBody);
  answer = server.ask(head + std::string(kLargestBody + 1, 'x'));
  EXPECT_EQ(answer.failure, NoAnswer::kTooLarge);
  EXPECT_THAT(answer.detail, HasSubstr("body is larger than 64 MiB"));
}

TEST(CurlAnswer, HeadersAreThoseOfTheLastAnswerWithoutTheSpaceAround) {
  AnsweringServer server;
  const HttpAnswer answer = server.ask(
      "HTTP/1.1 100 Continue\r\nRetry-After: 5\r\nDate: early\r\n\r\n"
      "HTTP/1.1 429 Too Many\r\nRETRY-AFTER: \t 17 \r\nX-Has-Next-Page:true\r\nDated: no\r\n\r\n");
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(answer.retry_after, "17");
  EXPECT_EQ(answer.has_next_page, "true");
  EXPECT_EQ(answer.date, "");
  const HttpAnswer torn = server.ask("HTTP/1.1 200 OK\r\nRetry-After: 1\r7\r\n\r\n");
  EXPECT_EQ(torn.retry_after, "") << "it holds what no header may";
}

TEST(CurlAnswer, HasAStatusOrIsNone) {
  AnsweringServer server;
  const HttpAnswer answer = server.ask("HTTP/21.0 100y\r\n\r\n");
  EXPECT_EQ(answer.failure, NoAnswer::kBroken);
  EXPECT_EQ(answer.status, 0);
  EXPECT_EQ(answer.detail, "the answer has no HTTP status");
}

}  // namespace
}  // namespace aikido
