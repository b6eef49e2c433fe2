// Which ids are numbers, and that nobody can choose ids whose hashes collide.
#include "plugins/aikido_activity_log/seen_id.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace aikido {
namespace {

TEST(SeenId, AnIntegerInItsShortestFormIsANumber) {
  for (const int64_t integer : {INT64_MIN, int64_t{-10}, int64_t{-1}, int64_t{0}, INT64_MAX}) {
    const SeenId id = std::to_string(integer);
    EXPECT_TRUE(id.is_integer) << integer;
    EXPECT_EQ(id.integer, integer);
  }
}

TEST(SeenId, AnythingElseIsText) {
  for (const std::string text :
       {"", "-", "-0", "00", "07", "-07", "+7", " 7", "7 ", "7.0", "7e0", "--7", "\"7\"", "0x7",
        "9223372036854775808", "-9223372036854775809"}) {
    const SeenId id = text;
    EXPECT_FALSE(id.is_integer) << text;
    EXPECT_EQ(id.text, text);
  }
}

std::vector<std::string> some_tokens() {
  std::vector<std::string> tokens = {"", "\"\"", std::string(8, '\0'), std::string(16, '\0')};
  for (int64_t i = 0; i < 2'000; ++i)
    for (const int64_t step : {int64_t{1}, int64_t{-4096}, int64_t{1} << 32, int64_t{1} << 48}) {
      if (i >= 1'000 && step > (int64_t{1} << 40)) continue;
      tokens.push_back(std::to_string((i + 1) * step));
      tokens.push_back("\"activity_" + tokens.back() + "_of_a_tenant\"");
    }
  return tokens;
}

// By the bits that tell slots apart, and by those that tell apart what lies in one.
TEST(IdHash, SpreadsWhateverIdsThereAre) {
  const IdHash hash = IdHash::seeded_by_the_system();
  std::set<uint64_t> high;
  std::set<uint64_t> low;
  size_t count = 0;
  for (const std::string& token : some_tokens())
    for (const bool hashed : {false, true}) {
      high.insert(hash(token, hashed) >> 32 & 0xFFFF);
      low.insert(hash(token, hashed) & 0xFFFF'FFFF);
      ++count;
    }
  EXPECT_GT(low.size(), count * 9 / 10);
  EXPECT_GT(high.size(), count / 3);  // half as many slots as ids would leave more than half taken
}

TEST(IdHash, IsAnotherInEachTableAndTheSameInACopy) {
  const IdHash one = IdHash::seeded_by_the_system();
  const IdHash other = IdHash::seeded_by_the_system();
  const IdHash copy = one;
  size_t alike = 0;
  const std::vector<std::string> tokens = some_tokens();
  for (const std::string& token : tokens) {
    alike += one(token, false) == other(token, false) ? 1 : 0;
    ASSERT_EQ(one(token, false), copy(token, false));
    ASSERT_NE(one(token, false), one(token, true));
  }
  EXPECT_LT(alike, 10U);
  EXPECT_NE(one("0", false), other("0", false)) << "of two seeds, whatever is multiplied";
}

}  // namespace
}  // namespace aikido
