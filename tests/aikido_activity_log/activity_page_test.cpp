#include "plugins/aikido_activity_log/activity_page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace aikido {
namespace {

using testing::HasSubstr;

Result<Page> parse(std::string body) { return ActivityPageParser().parse(std::move(body)); }

std::string problem(std::string body) {
  const Result<Page> page = parse(std::move(body));
  if (page) return "none";
  EXPECT_EQ(page.error().status, Status::kProtocol);
  return page.error().text;
}

constexpr const char* kDocumented =
    R"({"id":77,"timestamp":1731681045,"comment":null,"action":"ignored","metadata":{"location":{"cloud_id":null}}})";
constexpr const char* kMonads =
    R"({"id":"activity_1234567890","timestamp":"2024-11-15T14:30:45Z","user_id":"a@b.c","action":"login"})";

TEST(ActivityPage, BothShapesAndAnyOtherObject) {
  const std::string odd = R"({"big":123456789012345678901234567890,"huge":1e400,"s":"\ud800"})";
  const Result<Page> page =
      parse("[" + std::string(kDocumented) + ",\n " + kMonads + "," + odd + "]\n");
  ASSERT_TRUE(page) << page.error().text;
  ASSERT_EQ(page->records.size(), 3u);
  EXPECT_EQ(page->records[0].data, kDocumented);
  EXPECT_EQ(page->records[0].id, "77");
  EXPECT_EQ(page->records[0].event_time_ns, 1'731'681'045 * kNsPerSecond);
  EXPECT_EQ(page->records[1].data, kMonads);
  EXPECT_EQ(page->records[1].id, "\"activity_1234567890\"");
  EXPECT_EQ(page->records[1].event_time_ns, 1'731'681'045 * kNsPerSecond);
  EXPECT_EQ(page->records[2].data, odd);
  EXPECT_EQ(page->records[2].event_time_ns, CONNECTOR_TIME_UNKNOWN);
  EXPECT_EQ(page->has_next, std::nullopt);
}

TEST(ActivityPage, PrettyPrintedPagesComeOutOnOneLine) {
  const Result<Page> page = parse("[\n  {\n    \"id\": 1,\n    \"a\": [ 1, 2 ]\n  }\n]");
  ASSERT_TRUE(page) << page.error().text;
  EXPECT_EQ(page->records.at(0).data, R"({"id":1,"a":[1,2]})");
  EXPECT_EQ(page->records.at(0).id, "1");
}

TEST(ActivityPage, WhiteSpaceGoesOutsideOfTextsAlone) {
  const Result<Page> page = parse(
      R"([{"id":1},)"
      " \t{ \"id\" : \"a \\\" b\" ,\r\n \"timestamp\":\n 5 , \"x\" : [ 1 ,\t2 , [ ] , { } ] } \n]");
  ASSERT_TRUE(page) << page.error().text;
  EXPECT_EQ(page->records.at(0).data, R"({"id":1})");
  EXPECT_EQ(page->records.at(1).data, R"({"id":"a \" b","timestamp":5,"x":[1,2,[],{}]})");
  EXPECT_EQ(page->records.at(1).id, R"("a \" b")");
  EXPECT_EQ(page->records.at(1).event_time_ns, 5 * kNsPerSecond);
}

TEST(ActivityPage, AnEmptyPageHasNoFingerprint) {
  for (const char* body : {"[]", " [ ] ", "[\n]\n"}) {
    const Result<Page> page = parse(body);
    ASSERT_TRUE(page) << page.error().text;
    EXPECT_TRUE(page->records.empty());
    EXPECT_EQ(page->fingerprint, 0u);
  }
}

TEST(ActivityPage, FingerprintsTellPagesApart) {
  const auto print = [](const char* body) { return parse(body)->fingerprint; };
  EXPECT_EQ(print(R"([{"id":1},{"id":2}])"), print(R"([ {"id":1} , {"id":2} ])"));
  EXPECT_NE(print(R"([{"id":1},{"id":2}])"), print(R"([{"id":2},{"id":1}])"));
  EXPECT_NE(print(R"([{"id":1}])"), print(R"([{"id":"1"}])"));
  EXPECT_NE(print(R"([{"id":1}])"), print(R"([{"id":1},{"id":1}])"));
  EXPECT_NE(print(R"([{"x":1}])"), print(R"([{"x":2}])"));
}

TEST(ActivityPage, WithoutAnIdTheTextsHashStandsIn) {
  const std::string long_id = "\"" + std::string(kLongestId, 'x') + "\"";
  for (const std::string& id : {std::string("null"), std::string("\"\""), std::string("{}"),
                                std::string("true"), long_id}) {
    const Result<Page> page = parse("[{\"id\":" + id + ",\"a\":1},{\"a\":1},{ \"a\" : 1 }]");
    ASSERT_TRUE(page) << page.error().text;
    EXPECT_FALSE(page->records[0].has_id) << id;
    EXPECT_EQ(page->records[0].id.size(), 33u);
    EXPECT_EQ(page->records[0].id.front(), '#');
    EXPECT_NE(page->records[0].id, page->records[1].id);
    EXPECT_EQ(page->records[1].id, page->records[2].id) << "white space is no difference";
  }
  EXPECT_TRUE(parse(R"([{"id":7}])")->records[0].has_id);
}

TEST(ActivityPage, AnythingButAnArrayOfObjectsIsRefusedWithItsPlace) {
  for (const char* body : {"",
                           " ",
                           "{}",
                           "1",
                           "null",
                           "\"x\"",
                           "[",
                           "]",
                           "[1]",
                           "[null]",
                           "[[]]",
                           "[{}",
                           "[{}]]",
                           "[{}] {}",
                           "[{}],",
                           "[{},]",
                           "[,{}]",
                           "[{} {}]",
                           "[{\"x\":1 2}]",
                           "[{ \"x\" : tr ue }]",
                           "[{}]x",
                           "[{\"x\":1,}]",
                           "[{\"x\":tru}]",
                           "[{\"x\":00012}]",
                           "[{\"x\":\"\x01\"}]",
                           "[{\"x\":\"\xff\"}]",
                           "[{\"x\":\"a]",
                           "[{\"x\":[}]}]",
                           "\xef\xbb\xbf[]x",
                           "[{}}",
                           "[{\"a\":1]}"})
    EXPECT_THAT(problem(body), HasSubstr("invalid data")) << body;
  EXPECT_THAT(problem("\r\n <!DOCTYPE html>"), HasSubstr("a page of HTML, not with JSON; check"));
  EXPECT_THAT(problem("404 page not found"), HasSubstr("it is not an array"));
  EXPECT_THAT(problem("[{\"a\":1 2}]"), HasSubstr("white space alone stands between two values"));
  EXPECT_THAT(problem(R"([{"a":1},{"b":tru}])"), HasSubstr("record 2"));
  EXPECT_THAT(problem(R"([{"a":1},{"b":tru}])"), HasSubstr("(byte 14 without white space)"));
  EXPECT_THAT(problem("[ {\"a\" : 1}, {\"b\":tru}]"), HasSubstr("(byte 14 without white space)"));
  EXPECT_THAT(problem(R"([{"a":1},3])"), HasSubstr("element 2 is not an object"));
}

TEST(ActivityPage, AWrongEscapeIsToldOfTheRecordThatHasIt) {
  const Result<Page> page = parse(R"([{"id":1,"a":"\n\\"},{"id":2,"a":"\\\q"},{"id":3}])");
  ASSERT_FALSE(page);
  EXPECT_NE(page.error().text.find("record 2 has an invalid escape (byte 36 "), std::string::npos)
      << page.error().text;
}

TEST(ActivityPage, RecordsLiveAsLongAsTheirMemoryAndNoLonger) {
  ActivityPageParser parser;
  Result<Page> first = parser.parse("[" + std::string(kDocumented) + "]");
  const Result<Page> second = parser.parse(R"([{"id":2},{"id":3}])");
  parser.rest();
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->records[0].data, kDocumented);
  EXPECT_EQ(second->records[1].id, "3");
}

TEST(ActivityPage, CapsOnRecordsAndTheirSize) {
  std::string many = "[";
  for (size_t i = 0; i < kMostRecordsInPage; ++i) many += i ? ",{}" : "{}";
  EXPECT_TRUE(parse(many + "]"));
  EXPECT_THAT(problem(many + ",{}]"), HasSubstr("one too many"));
  const std::string frame = R"([{"x":""}])";
  const std::string full(kLargestRecord - (frame.size() - 2), 'x');
  EXPECT_TRUE(parse(R"([{"x":")" + full + R"("}])"));
  EXPECT_THAT(problem(R"([{"x":"x)" + full + R"("}])"), HasSubstr("larger than 4 MiB"));
}

}  // namespace
}  // namespace aikido
