// No way of escaping a secret gets it into what is shown.
#include "hidden_text.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <random>

namespace connector {
namespace {

const std::string kSecret = "a/b c+d%e\"f\\gä𝄞~z";

std::string shown(std::string_view text) { return hide(text, {kSecret}, "[secret]"); }

TEST(HiddenText, AsVendorsEcho) {
  for (const std::string echo : {
           "a/b c+d%e\"f\\gä𝄞~z",                                      // as it is
           "a/b%20c%2Bd%25e%22f%5Cg%C3%A4%F0%9D%84%9E~z",              // a slash left as it is
           "a%2fb+c%2bd%25e%22f%5cg%c3%a4%f0%9d%84%9e%7ez",            // a form's, lower case
           "%61%2F%62%20%63%2B%64%25%65%22f%5Cgä𝄞~z",                  // in part
           R"(a\/b c+d%e\"f\\g\u00e4\uD834\uDD1E~z)",                  // JSON's
           R"(\u0061/b\u0020c+d%e\u0022f\u005cgä𝄞\u007Ez)",            // in part
           "a%252Fb%2520c%252Bd%2525e%2522f%255Cg%25C3%25A4𝄞~z",       // twice
           R"(a%2Fb%20c%2Bd%25e\"f\\gä𝄞~z)",                           // a URL within JSON
           R"(a/b c+d%e"f\\g\u00c3\u00a4\u00f0\u009d\u0084\u009e~z)",  // bytes as characters
       })
    EXPECT_EQ(shown("before " + echo + " after"), "before [secret] after") << echo;
}

TEST(HiddenText, NothingElseIsTouched) {
  for (const std::string text :
       {"", "%", "%4", "%zz", "\\", "\\u12", "\\ud834", "+", "100 % + 1", "a/b c+d%e", "a%2Fb"})
    EXPECT_EQ(shown(text), text);
  EXPECT_EQ(hide("abc", {"", "b"}, "*"), "a*c");
  EXPECT_EQ(hide("abcd", {"bc", "abc"}, "*"), "*d") << "a short form within a longer one";
  EXPECT_EQ(hide("aaaaa", {"aa"}, "*"), "*") << "none of it is left standing";
}

// Each character in a way of its own.
TEST(HiddenText, InEveryMixtureOfEscapes) {
  const std::string secret = "s3cr/t w+th=all?&;";
  std::mt19937 random(1);
  for (int i = 0; i < 2000; ++i) {
    std::string echo;
    for (const char c : secret) {
      char escaped[8];
      constexpr const char* kFormats[] = {"%c", "%%%02x", "%%%02X", "\\u%04x"};
      // A form's plus is a space, and a plus is escaped there.
      const size_t way = c == '+' ? 1 + random() % 3 : random() % 4;
      std::snprintf(escaped, sizeof escaped, kFormats[way], static_cast<unsigned char>(c));
      echo += c == ' ' && random() % 2 == 0 ? "+" : escaped;
    }
    ASSERT_EQ(hide("<" + echo + ">", {secret}, "*"), "<*>") << echo;
  }
}

}  // namespace
}  // namespace connector
