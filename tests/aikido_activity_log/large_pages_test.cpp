// Arrays in large pages: as any other, but for where they lie.
#include "plugins/aikido_activity_log/large_pages.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <string>
#include <vector>

namespace aikido {
namespace {

using Numbers = std::vector<uint64_t, LargePages<uint64_t>>;
using Text = std::basic_string<char, std::char_traits<char>, LargePages<char>>;

bool at_a_large_page(const void* memory) {
  return reinterpret_cast<uintptr_t>(memory) % kLargePage == 0;
}

TEST(LargePages, HoldWhatIsPutIntoThemHoweverMuchItGrows) {
  Numbers numbers;
  Text text;
  for (uint64_t i = 0; i < 1'000'000; ++i) {
    numbers.push_back(i);
    text.append("abcde");
  }
  const Numbers copy = numbers;
  numbers = {};
  for (uint64_t i = 0; i < copy.size(); ++i) ASSERT_EQ(copy[i], i);
  for (size_t i = 0; i < text.size(); ++i) ASSERT_EQ(text[i], "abcde"[i % 5]);
}

TEST(LargePages, AreWholeOnesForLargeArraysAlone) {
  EXPECT_TRUE(at_a_large_page(Numbers(kLargePage / sizeof(uint64_t)).data()));
  for (int i = 0; i < 3; ++i) {
    const Numbers large(kLargePage);
    const Text odd(kLargePage + 1, 'x');
    EXPECT_TRUE(at_a_large_page(large.data()));
    EXPECT_TRUE(at_a_large_page(odd.data()));
  }
  EXPECT_EQ(LargePages<char>::mapped(kLargePage - 1), 0U);
  EXPECT_EQ(LargePages<char>::mapped(kLargePage), kLargePage);
  EXPECT_EQ(LargePages<char>::mapped(kLargePage + 1), 2 * kLargePage);
}

TEST(LargePages, GoBackToTheSystem) {
  LargePages<char> pages;
  char* const array = pages.allocate(kLargePage + 1);
  ASSERT_EQ(msync(array, 2 * kLargePage, MS_ASYNC), 0);
  pages.deallocate(array, kLargePage + 1);
  for (const size_t offset : {size_t{0}, kLargePage}) {
    EXPECT_EQ(msync(array + offset, 4096, MS_ASYNC), -1);
    EXPECT_EQ(errno, ENOMEM) << "nothing is mapped there";
  }
}

TEST(LargePages, ThatThereAreNotAreTheLanguagesError) {
  EXPECT_THROW(map_large_pages(size_t{1} << 62), std::bad_alloc);
}

}  // namespace
}  // namespace aikido
