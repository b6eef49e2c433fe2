// The judge's own parts, where a mistake in them would be a wrong verdict.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <sstream>

#include "tests/judge/clean_text.hpp"
#include "tests/judge/exported_symbols.hpp"
#include "tests/judge/judge_host.hpp"
#include "tests/judge/mistakes.hpp"
#include "tests/judge/verdict.hpp"
#include "tests/support/files.hpp"
#include "tests/support/program.hpp"

namespace judge {
namespace {

// The same list as binutils', for small exports and for hundreds of them.
TEST(ExportedSymbols, AreWhatNmLists) {
  for (const char* file : {TICKS_IN_C, TICKS_IN_CPP, EXPORTS_TOO_MUCH}) {
    const auto nm = test_support::run_program({NM, "-D", "--defined-only", "-j", file});
    std::vector<std::string> expected, found = exported_symbols(file);
    std::istringstream lines(nm.out);
    for (std::string line; std::getline(lines, line);) expected.push_back(line);
    std::sort(found.begin(), found.end());
    std::sort(expected.begin(), expected.end());
    EXPECT_GE(expected.size(), 7u);
    EXPECT_EQ(found, expected) << file;
  }
}

// A file that was cut anywhere is refused, or read as far as it goes; never past its end.
TEST(ExportedSymbols, OfACutFileAreRefused) {
  const test_support::TemporaryFolder folder;
  const std::string whole = test_support::read_file(TICKS_IN_C);
  ASSERT_GT(whole.size(), 1000u);
  for (size_t size = 0; size < whole.size(); size += 97) {
    test_support::write_file(folder / "cut.so", whole.substr(0, size));
    EXPECT_THROW(exported_symbols(folder / "cut.so"), Broken) << size;
  }
}

TEST(ExportedSymbols, OfADamagedFileNeverCrash) {
  const test_support::TemporaryFolder folder;
  const std::string whole = test_support::read_file(TICKS_IN_C);
  std::mt19937 random(7);
  for (int i = 0; i < 300; ++i) {
    std::string damaged = whole;
    for (int k = 0; k < 20; ++k)
      damaged[random() % (k % 2 == 0 ? 64 : damaged.size())] = static_cast<char>(random());
    test_support::write_file(folder / "damaged.so", damaged);
    try {
      exported_symbols(folder / "damaged.so");
    } catch (const Broken&) {  // refused, as it may be
    }
  }
}

TEST(Secrets, AreFoundInEveryForm) {
  const std::map<std::string, std::string> secrets = {{"key", "p\"ss/w+rd %1"}};
  for (const char* text : {
           "before p\"ss/w+rd %1 after", "p%22ss%2Fw%2Brd%20%251", "p\\\"ss/w+rd %1",
           "cCJzcy93K3JkICUx",            // alone
           "Basic aWQ6cCJzcy93K3JkICUx",  // "id:" before it
           "aTpwInNzL3crcmQgJTE=",        // "i:" before it
           "eHByInAic3MvdytyZCAlMQ==",    // four bytes before it
       })
    EXPECT_EQ(secret_in(text, secrets).value_or("nothing"), "key") << text;
  EXPECT_FALSE(secret_in("p\"ss/w+rd %2", secrets));
  EXPECT_FALSE(secret_in("", secrets));
}

TEST(MistakesInSettings, AreMadeFromTheSchema) {
  const std::string description = R"({"settings": {"required": ["a/b"], "properties": {
      "a/b": {"type": "string"}, "n": {"type": ["object", "array"]},
      "both": {"type": ["object", "array", "string", "number", "boolean", "null"]}, "free": {}}}})";
  const auto found = single_mistakes(description, R"({"a/b": "x"})");
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].settings, R"({"a/b":{"judge":true}})");
  EXPECT_EQ(found[0].pointers, std::vector<std::string>{"/a~1b"});
  EXPECT_EQ(found[1].settings, "{}");
  EXPECT_TRUE(single_mistakes("no JSON", "{}").empty());
  EXPECT_TRUE(single_mistakes(R"({"settings": {"properties": [], "required": 1}})", "").empty());
}

TEST(MistakesInSettings, AreReadFromLinesOfPointerAndText) {
  EXPECT_EQ(pointers_in("/a: no\n/b/0: neither\n: nor all of it"),
            (std::vector<std::string>{"/a", "/b/0", ""}));
  for (const char* text : {"", "no pointer", "a: b", "/a", "/a: ", "/a: x\nb: y", "/a: \x1B"})
    EXPECT_THROW(pointers_in(text), Broken) << text;
}

TEST(JudgeHost, PacesHonestlyOnAClockThatIsStepped) {
  JudgeClock clock;
  JudgeHost host(clock, {}, {}, 1);
  const connector_host& table = *host.table();
  const int64_t hour = 3'600'000'000'000;
  const auto acquire = [&](const char* key) {
    return table.pace_acquire(table.context, {key, 1}, hour);
  };
  EXPECT_EQ(acquire("a"), 0);
  EXPECT_GT(acquire("a"), hour / 2);
  EXPECT_EQ(acquire("b"), 0);
  clock.skip(hour);
  EXPECT_EQ(acquire("a"), 0);
  clock.skip(hour);
  table.pace_hold(table.context, {"a", 1}, 2 * hour);
  EXPECT_GT(acquire("a"), hour);
}

}  // namespace
}  // namespace judge
