#include "plugins/aikido_activity_log/token.hpp"

#include <gtest/gtest.h>

namespace aikido {
namespace {

TEST(TokenAnswer, TheDocumentedOne) {
  const auto answer =
      parse_token_answer(R"({"access_token":"a.b-c","expires_in":3600,"token_type":"bearer"})");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->text, "a.b-c");
  EXPECT_EQ(answer->life_s, 3600);
}

TEST(TokenAnswer, AnUnreadableOrAbsurdLifeIsBounded) {
  const auto life = [](const std::string& value) {
    return parse_token_answer(R"({"access_token":"t")" + value + "}")->life_s;
  };
  EXPECT_EQ(life(""), 300);
  EXPECT_EQ(life(R"(,"expires_in":null)"), 300);
  EXPECT_EQ(life(R"(,"expires_in":"3600")"), 300);
  EXPECT_EQ(life(R"(,"expires_in":0)"), 1);
  EXPECT_EQ(life(R"(,"expires_in":-1e300)"), 1);
  EXPECT_EQ(life(R"(,"expires_in":1e300)"), 86'400);
  EXPECT_EQ(life(R"(,"expires_in":59.9)"), 59);
}

TEST(TokenAnswer, AnythingElseIsAProtocolError) {
  const std::string longest(kLongestToken, 'x');
  EXPECT_TRUE(parse_token_answer(R"({"access_token":")" + longest + R"("})"));
  for (const std::string& body :
       {std::string(), std::string("[]"), std::string("{}"), std::string("<html>"),
        std::string(R"({"access_token":5})"), std::string(R"({"access_token":""})"),
        std::string(R"({"access_token":"a b"})"), std::string(R"({"access_token":"a\nb"})"),
        std::string(R"({"access_token":"a\u0000b"})"), std::string(R"({"access_token":"ä"})"),
        R"({"access_token":")" + longest + R"(x"})"}) {
    const auto answer = parse_token_answer(body);
    ASSERT_FALSE(answer) << body;
    EXPECT_EQ(answer.error().status, Status::kProtocol);
  }
}

TEST(Token, ServesUntilATenthOfItsLifeBeforeTheEnd) {
  Token token;
  EXPECT_FALSE(token.serves(0));
  token.take({"abc", 1000}, 0);
  EXPECT_EQ(token.use(), "Bearer abc");
  EXPECT_TRUE(token.serves(900 * kNsPerSecond - 1));
  EXPECT_FALSE(token.serves(900 * kNsPerSecond));
  token.take({"abc", 86'400}, 0);
  token.use();
  EXPECT_TRUE(token.serves(86'100 * kNsPerSecond - 1)) << "at most five minutes early";
  EXPECT_FALSE(token.serves(86'100 * kNsPerSecond));
  token.drop();
  EXPECT_FALSE(token.serves(0));
}

TEST(Token, HoweverShortItsLifeItServesOnce) {
  Token token;
  token.take({"abc", 1}, 0);
  EXPECT_TRUE(token.serves(3600 * kNsPerSecond));
  token.use();
  EXPECT_FALSE(token.serves(3600 * kNsPerSecond));
}

}  // namespace
}  // namespace aikido
