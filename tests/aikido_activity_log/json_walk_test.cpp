#include "plugins/aikido_activity_log/json_walk.hpp"

#include <gtest/gtest.h>

#include <string>

namespace aikido {
namespace {

struct Walked {
  std::string text = {};
  std::string id = {};
  std::string timestamp = {};
  std::string problem = {};
  size_t at = 0;
};

Walked walk_tokens(const JsonTokens& tokens, const std::string& text) {
  const uint32_t* token = tokens.begin();
  if (text[*token] != '{') return {.problem = "is no object"};
  const WalkedObject found = tokens.walk_object(token);
  if (found.problem) return {.problem = found.problem, .at = found.problem_at};
  if (*token != text.size()) return {.problem = "goes on", .at = *token};
  return {std::string(found.text), std::string(found.id), std::string(found.timestamp), "", 0};
}

Walked walk(std::string_view given) {
  const std::string text(given);
  JsonTokens tokens;
  if (const char* problem = tokens.find(text)) return {.problem = problem};
  return walk_tokens(tokens, text);
}

Walked walk_without_space(std::string text) {
  JsonTokens tokens;
  if (const char* problem = tokens.find(text)) return {.problem = problem};
  if (const char* problem = tokens.find_without_space(text)) return {.problem = problem};
  return walk_tokens(tokens, text);
}

TEST(JsonWalk, WhatIsOnOneLineStaysByteForByte) {
  for (const char* given :
       {"{}", R"({"id":77})", R"({"b":[],"a":{}})",
        R"({"n":123456789012345678901234567890,"e":1e400,"m":-0.5E-3})",
        R"({"s":"\ud800 \u00e4 \" \\ \/ \b\f\n\r\t","t":true,"f":false,"z":null})",
        R"({"a":1,"a":2})", R"({"":""})", R"({"nested":[[[{"x":[1,2,{"y":"}]"}]}]]]})"}) {
    EXPECT_EQ(walk(given).problem, "") << given;
    EXPECT_EQ(walk(given).text, given);
    EXPECT_EQ(walk_without_space(given).text, given);
  }
}

TEST(JsonWalk, WhiteSpaceBetweenTokensIsAProblemUntilItIsTakenOut) {
  const std::string plain = R"({"id":"a b","n":5,"t":true,"x":[1,"\" ",[],{}]})";
  EXPECT_EQ(walk(" \n" + plain).text, plain) << "around it is not within";
  for (const size_t at : {1, 5, 6, 11, 12, 15, 16, 17, 18, 21, 22, 26, 27, 30, 31, 32, 33, 34, 39})
    for (const char space : {' ', '\n', '\r', '\t'}) {
      const std::string spaced = std::string(plain).insert(at, 1, space);
      EXPECT_NE(walk(spaced).problem, "") << spaced;
      EXPECT_EQ(walk_without_space(spaced).problem, "") << spaced;
      EXPECT_EQ(walk_without_space(spaced).text, plain) << spaced;
    }
}

TEST(JsonWalk, WhatWhiteSpaceHoldsApartIsNotJoined) {
  for (const char* given :
       {R"({"x":1 2})", R"({"x":[1 2]})", R"({"x":tr ue})", R"({"x":- 1})", R"({"x":1 .5})",
        R"({"x":1e 5})", R"({"x":"a" "b"})", R"({"x":1 "a"})", R"({"x":"a" 1})", R"({"x":nul l})",
        R"({"x" "y":1})", R"({"x":1 "y":2})"})
    EXPECT_NE(walk_without_space(given).problem, "") << given;
}

TEST(JsonWalk, IdAndTimestampAreTheTopLevelsFirstOnes) {
  EXPECT_EQ(walk(R"({"x":{"id":1},"id":2,"id":3})").id, "2");
  EXPECT_EQ(walk(R"({"x":[{"timestamp":1}],"timestamp":"t"})").timestamp, "\"t\"");
  EXPECT_EQ(walk(R"({"id":{"a":1}})").id, "");
  EXPECT_EQ(walk(R"({"id":[5]})").id, "");
  EXPECT_EQ(walk(R"({"id":null})").id, "null");
  EXPECT_EQ(walk(R"({"\u0069d":1,"ids":2})").id, "");
}

TEST(JsonWalk, WhatIsNoJsonIsFoundWithItsPlace) {
  for (const char* given : {"",
                            " ",
                            "[",
                            "[]",
                            "1",
                            "{",
                            "}",
                            "{]",
                            R"({"x":1,})",
                            R"({"x":tru})",
                            R"({"x":truee})",
                            R"({"x":00012})",
                            R"({"x":01})",
                            R"({"x":-})",
                            R"({"x":1.})",
                            R"({"x":.5})",
                            R"({"x":+1})",
                            R"({"x":1e})",
                            R"({"x":1e+})",
                            R"({"x":0x10})",
                            R"({"x":NaN})",
                            R"({"x":'a'})",
                            R"({x:1})",
                            R"({"x" 1})",
                            R"({"x":})",
                            R"({"x":1 "y":2})",
                            R"({"x":[1,]})",
                            R"({"x":[1 2]})",
                            R"({"x":[1}})",
                            R"({"x":{"y":1]})",
                            R"({"x":"a)",
                            R"({"x":"\x"})",
                            R"({"x":"\u12g4"})",
                            R"({"x":"\u123)",
                            R"({"x":"\)",
                            R"({"x":1}})",
                            R"({"x":1}{})",
                            R"({,})",
                            R"({"x"})",
                            "{\"x\":\"a\nb\"}",
                            "{\"x\":\"a\tb\"}",
                            "{\"x\":1\f}",
                            "{\"x\":\v1}",
                            R"({1:2})",
                            R"({"x":1)",
                            R"({"x":n)",
                            R"({"x":,"y":1})"}) {
    const Walked walked = walk(given);
    EXPECT_NE(walked.problem, "") << given;
    EXPECT_LE(walked.at, std::string_view(given).size()) << given;
  }
  EXPECT_NE(walk(std::string_view("{\"x\":1\0}", 8)).problem, "");
  EXPECT_NE(walk(std::string_view("{\"x\":\"\0\"}", 9)).problem, "");
  EXPECT_EQ(walk(R"({"abc":tru})").at, 7u);
}

TEST(JsonWalk, ControlCharactersAreFoundAtEveryDistanceFromTheQuote) {
  for (size_t size = 0; size < 40; ++size)
    for (size_t at = 0; at < size; ++at)
      for (const char bad : {'\x01', '\x1f', '\n', '"'}) {
        std::string text(size, 'x');
        EXPECT_EQ(walk("{\"k\":\"" + text + "\"}").problem, "");
        text[at] = bad;
        EXPECT_NE(walk("{\"k\":\"" + text + "\"}").problem, "") << size << ' ' << at;
      }
}

TEST(JsonWalk, NestingHasItsBottom) {
  const auto nested = [](int depth) {
    return "{\"x\":" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
  };
  EXPECT_EQ(walk(nested(kDeepestNesting)).problem, "");
  EXPECT_EQ(walk(nested(kDeepestNesting + 1)).problem, "is nested too deeply");
  EXPECT_EQ(walk("{\"x\":" + std::string(1'000'000, '[')).problem, "is nested too deeply");
}

}  // namespace
}  // namespace aikido
