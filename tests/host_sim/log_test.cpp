#include "host_sim/log.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "host_sim/plain_text.hpp"

namespace host {
namespace {

// Stands at one moment.
class StandingClock final : public Clock {
 public:
  int64_t wall_ns() override { return int64_t{1'705'276'800'123} * 1'000'000; }
  int64_t monotonic_ns() override { return 0; }
  void wait_until(std::unique_lock<std::mutex>&, std::condition_variable&, int64_t) override {}
};

struct Logged {
  StandingClock clock;
  std::ostringstream stream;
  std::unique_ptr<Log> log;
  explicit Logged(LogLevel least, LogFormat format = LogFormat::kText)
      : log(make_log(clock, least, format, stream)) {}
  std::string text() const { return stream.str(); }
};

TEST(Log, ATextLineHasTimeLevelPipelineAndText) {
  Logged logged(LogLevel::kInfo);
  logged.log->warning("one", "is slow");
  logged.log->info("", "started");
  EXPECT_EQ(logged.text(),
            "2024-01-15T00:00:00.123Z warning one: is slow\n"
            "2024-01-15T00:00:00.123Z info    started\n");
}

TEST(Log, WhatIsBelowTheLeastLevelIsLeftOut) {
  Logged logged(LogLevel::kWarning);
  logged.log->debug("", "a");
  logged.log->info("", "b");
  logged.log->warning("", "c");
  logged.log->error("", "d");
  EXPECT_EQ(logged.text(),
            "2024-01-15T00:00:00.123Z warning c\n"
            "2024-01-15T00:00:00.123Z error   d\n");
}

TEST(Log, AJsonLineIsOneObject) {
  Logged logged(LogLevel::kDebug, LogFormat::kJson);
  logged.log->error("one", "said \"no\"\n{}");
  logged.log->debug("", "");
  EXPECT_EQ(logged.text(), R"({"time":"2024-01-15T00:00:00.123Z","level":"error","pipeline":"one",)"
                           R"("text":"said \"no\" {}"})"
                           "\n"
                           R"({"time":"2024-01-15T00:00:00.123Z","level":"debug","text":""})"
                           "\n");
}

TEST(Log, NoTextBreaksOutOfItsLine) {
  const std::string hostile =
      "a\nb\rc\x1b[31md\x7f"
      "e\xff\xc2\x9b"
      "31m%v{}%n";
  for (const LogFormat format : {LogFormat::kText, LogFormat::kJson}) {
    Logged logged(LogLevel::kInfo, format);
    logged.log->info("pipe\nline", hostile);
    const std::string line = logged.text();
    ASSERT_EQ(line.find('\n'), line.size() - 1);
    for (const char c : line.substr(0, line.size() - 1))
      EXPECT_FALSE(static_cast<unsigned char>(c) < 0x20 || c == 0x7f) << line;
    EXPECT_NE(line.find("%v{}%n"), std::string::npos);
    EXPECT_TRUE(is_utf8(line));
    EXPECT_EQ(nlohmann::json::accept(line), format == LogFormat::kJson) << line;
  }
}

TEST(PlainText, OneLineKeepsWhatIsHarmless) {
  EXPECT_EQ(one_line("héllo wörld ✓ 日本"), "héllo wörld ✓ 日本");
  EXPECT_EQ(one_line(""), "");
  EXPECT_EQ(one_line("a\tb\nc"), "a b c");
  EXPECT_EQ(plain_lines("a\tb\nc"), "a b\nc");
  EXPECT_EQ(one_line("\xc2\x85x"), " x");
  EXPECT_EQ(one_line("a\u202Eb\u2028c\u2066\u200F"), "a b c  ") << "nothing turns text around";
  EXPECT_EQ(one_line("a\u061Cb\u200Bc"), "a b c");
  EXPECT_EQ(one_line("\u061B\u061D\u200A"), "\u061B\u061D\u200A");
  EXPECT_EQ(one_line("\u200D\u2030\u206A"), "\u200D\u2030\u206A");
  EXPECT_EQ(one_line("a\xff"
                     "b"),
            "a\xef\xbf\xbd"
            "b");
  EXPECT_EQ(one_line(std::string_view("a\0b", 3)), "a b");
}

TEST(PlainText, CutNeverSplitsACharacter) {
  EXPECT_EQ(cut("äöü", 3), "ä");
  EXPECT_EQ(cut("äöü", 4), "äö");
  EXPECT_EQ(cut("abc", 10), "abc");
}

TEST(PlainText, MeantIsTheNearestNameOrNone) {
  const std::vector<std::string> names = {"client_id", "region", "repository_id"};
  EXPECT_EQ(meant("client_ID", names), "client_id");
  EXPECT_EQ(meant("regoin", names), "region");
  EXPECT_EQ(meant("repositoryid", names), "repository_id");
  EXPECT_EQ(meant("colour", names), "");
  EXPECT_EQ(meant("cuont", {"count"}), "count");
  EXPECT_EQ(meant("x", {"y"}), "");
  EXPECT_EQ(meant(std::string(10'000, 'r'), names), "");
}

TEST(PlainText, ARemedyBeginsOutsideOfBracketsAndQuotes) {
  const auto remedy = [](const std::string& line) {
    const size_t at = remedy_separator(line);
    return at == std::string::npos ? "" : line.substr(at + 2);
  };
  EXPECT_EQ(remedy("is wrong; and odd; mend it"), "mend it");
  EXPECT_EQ(remedy("must be a list (of words; of any)"), "");
  EXPECT_EQ(remedy("is missing; add it (a word [x; y]; of any)"), "add it (a word [x; y]; of any)");
  EXPECT_EQ(remedy("it said \"no (; really\"; ask it"), "ask it");
  EXPECT_EQ(remedy("the file /a(b; c) is gone; make it"), "make it");
  EXPECT_EQ(remedy("the file /a(b is gone; make it"), "make it") << "never closed";
  EXPECT_EQ(remedy("the file a\" is gone; make it"), "make it") << "never closed";
}

}  // namespace
}  // namespace host
