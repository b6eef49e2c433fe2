// An error's text fits the caller's buffer, whole characters only, and is one line.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/plugin_api/border_double.hpp"

namespace connector {
namespace {

class ErrorText : public testing::Test {
 protected:
  int32_t fail_with(Error error) {
    script.configure = [error](std::string_view, std::string_view) -> Result<void> {
      return error;
    };
    EXPECT_EQ(border_.init(), CONNECTOR_OK);
    return border_.configure();
  }

  ScriptReset reset_;
  Border border_;
};

bool is_utf8(const std::string& text) {
  try {
    return !nlohmann::json(text).dump().empty();
  } catch (const nlohmann::json::exception&) {
    return false;
  }
}

TEST_F(ErrorText, CarriesStatusWaitReasonAndHttpStatus) {
  EXPECT_EQ(fail_with({Status::kRateLimited, "slower", {5'000, CONNECTOR_WAIT_BACKOFF}, 429}),
            CONNECTOR_ERROR_RATE_LIMITED);
  EXPECT_EQ(border_.error.text(), "slower");
  EXPECT_EQ(border_.error.raw.wait_ns, 5'000);
  EXPECT_EQ(border_.error.raw.wait_reason, CONNECTOR_WAIT_BACKOFF);
  EXPECT_EQ(border_.error.raw.http_status, 429);
}

// At every capacity: a prefix of the text, as long as whole characters allow, and not a byte more.
TEST_F(ErrorText, IsCutBetweenCharacters) {
  const std::string text = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80z";  // 1, 2, 3, 4 and 1 bytes
  const size_t whole[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11};
  for (size_t capacity = 0; capacity < std::size(whole); ++capacity) {
    RoomyError error(capacity + 8);
    error.raw.text_capacity = capacity;
    border::fail(Status::kTransient, text, {}, 0, &error.raw);
    EXPECT_EQ(error.text(), text.substr(0, whole[capacity])) << capacity;
    EXPECT_TRUE(is_utf8(error.text())) << capacity;
    EXPECT_EQ(error.buffer.substr(capacity), std::string(8, '#')) << capacity;
  }
}

TEST_F(ErrorText, OfMistakesKeepsItsLinesAndNothingElseOfControl) {
  EXPECT_EQ(fail_with({Status::kConfig, "/a: no\n/b: \x1B[31mred\x7F\r"}), CONNECTOR_ERROR_CONFIG);
  EXPECT_EQ(border_.error.text(), "/a: no\n/b:  [31mred  ");
}

TEST_F(ErrorText, OfAnythingElseIsOneLine) {
  fail_with({Status::kProtocol, "first\nsecond"});
  EXPECT_EQ(border_.error.text(), "first second");
}

TEST_F(ErrorText, MayHaveNoBufferAtAll) {
  border_.error.raw.text = nullptr;
  border_.error.raw.text_size = 99;
  EXPECT_EQ(fail_with({Status::kAuth, "who are you"}), CONNECTOR_ERROR_AUTH);
  EXPECT_EQ(border_.error.raw.text_size, 0u);
}

}  // namespace
}  // namespace connector
