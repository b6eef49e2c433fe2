// Who opens the README has read what it is about before the second screen ends.
#include <gtest/gtest.h>

#include "tests/support/files.hpp"

namespace readme {
namespace {

constexpr size_t kLinesOfAScreen = 45;
constexpr size_t kColumns = 140;

TEST(Length, IsTwoScreensBeforeTheReferencePart) {
  size_t shown = 0;
  bool reference = false;
  for (const std::string& line : test_support::read_lines(README)) {
    reference = reference || line == "## Commands";
    if (!reference) shown += line.size() / (kColumns + 1) + 1;
  }
  EXPECT_TRUE(reference) << "no heading `## Commands`";
  EXPECT_LE(shown, 2 * kLinesOfAScreen);
}

}  // namespace
}  // namespace readme
