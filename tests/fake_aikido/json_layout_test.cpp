// White space comes and goes, everything else stays.
#include "tests/fake_aikido/json_layout.hpp"

#include <gtest/gtest.h>

namespace fake_aikido {
namespace {

TEST(JsonLayout, KeepsWhatIsInStrings) {
  const std::string text = R"([{"a b":"x \" , : [ \\","n":-1.50e+3,"e":[],"u":"\u0020"}])";
  const std::string shown = pretty(text);
  EXPECT_NE(shown.find('\n'), std::string::npos);
  EXPECT_EQ(compact(shown), text);
  EXPECT_EQ(compact(text), text);
  EXPECT_EQ(pretty(shown), shown);
}

TEST(JsonLayout, LooksAsOneWouldWriteIt) {
  EXPECT_EQ(pretty(R"([{"a":1}])"), "[\n  {\n    \"a\": 1\n  }\n]\n");
}

}  // namespace
}  // namespace fake_aikido
