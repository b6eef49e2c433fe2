#include "plugins/aikido_activity_log/vendor_words.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace aikido {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string words(const std::string& body) { return vendor_words(body, Redactor()); }

TEST(VendorWords, TheFirstOfTheFourThatIsAText) {
  EXPECT_EQ(words(R"({"message":"m","reason_phrase":"r","error":"e","error_description":"d"})"),
            "d");
  EXPECT_EQ(words(R"({"message":"m","reason_phrase":"r","error":"e"})"), "e");
  EXPECT_EQ(words(R"({"message":"m","reason_phrase":"r","error":{"x":1}})"), "r");
  EXPECT_EQ(words(R"({"message":"m","error":""})"), "m");
  for (const char* body : {"", "<html>503</html>", "[]", "{}", "\"text\"", R"({"error":5})"})
    EXPECT_EQ(words(body), "") << body;
}

TEST(VendorWords, AreCleanAndShort) {
  EXPECT_EQ(words(R"({"error":"a\nb\u0000c\u001bd\u007fe"})"), "a b c d e");
  const std::string shown = words(R"({"error":")" + std::string(299, 'x') + R"(ä and more"})");
  EXPECT_EQ(shown, std::string(299, 'x')) << "cut before the character that does not fit";
}

TEST(VendorWords, CannotPassForARemedy) {
  EXPECT_EQ(words(R"({"error":"no; pay here;\n&amp;;"})"), "no, pay here, &amp;,");
}

TEST(VendorWords, CannotEndTheirQuotation) {
  EXPECT_EQ(words(R"({"error":"no \"quota\" left"})"), "no 'quota' left");
}

TEST(VendorWords, OfAnErrorsBodyOfOver64KiBAreNone) {
  const std::string frame = R"({"error":"e","x":""})";
  const auto body = [&](size_t size) {
    return frame.substr(0, frame.size() - 2) + std::string(size - frame.size(), 'x') + "\"}";
  };
  EXPECT_EQ(words(body(64 << 10)), "e");
  EXPECT_EQ(words(body((64 << 10) + 1)), "");
}

TEST(Redactor, HidesEveryFormOfASecret) {
  const std::string secret = " p\"w/ä\\+&x ";
  Redactor redactor;
  redactor.hide(secret);
  for (const std::string& form :
       {std::string("p\"w/ä\\+&x"), std::string(R"(p\"w/ä\\+&x)"),
        std::string("p%22w%2F%C3%A4%5C%2B%26x"), base64(secret), base64("p\"w/ä\\+&x")})
    EXPECT_THAT(redactor.apply("before " + form + " after"), Not(HasSubstr(form)));
  EXPECT_EQ(redactor.apply("for=p%22w/%c3%a4%5c%2b%26x."), "for=[hidden].");
  EXPECT_EQ(redactor.apply("before " + secret + "after"), "before [hidden]after");
  EXPECT_EQ(redactor.apply("nothing here"), "nothing here");
}

TEST(Redactor, HidesTheSecretBeforeTheTextIsCut) {
  Redactor redactor;
  redactor.hide("SECRETSECRET");
  const std::string body = R"({"error":")" + std::string(295, 'x') + R"(SECRETSECRET"})";
  EXPECT_THAT(vendor_words(body, redactor), Not(HasSubstr("SEC")));
}

TEST(Redactor, AnEmptySecretHidesNothing) {
  Redactor redactor;
  redactor.hide("");
  redactor.hide("  ");
  EXPECT_EQ(redactor.apply("plain"), "plain");
}

TEST(Base64, OfTheStandard) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
}

}  // namespace
}  // namespace aikido
