// The searcher itself: what is planted is found, in every form and wherever it stands.
#include "tests/end_to_end/secret_search.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace end_to_end {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kSought = "ca/na+ry \"<\\%&=?\xC3\xA9 4711";

TEST(SecretSearch, FindsEveryFormThatIsPlanted) {
  SecretSearch search;
  search.add("it", kSought);
  EXPECT_EQ(search.forms().size(), 21U);
  for (const SecretSearch::Form& form : search.forms())
    EXPECT_THAT(search.found_in("before " + form.text + " behind"), Contains(form.what));
  EXPECT_THAT(search.found_in("before and behind"), IsEmpty());
  EXPECT_THAT(search.found_in(""), IsEmpty());
}

// As other programs wrote them: Python's base64, json, urllib and html.
TEST(SecretSearch, KnowsTheFormsAsOthersWriteThem) {
  SecretSearch search;
  search.add("it", kSought);
  for (const char* planted : {
           "Y2EvbmErcnkgIjxcJSY9P8OpIDQ3MTE=",
           "QUlLX0NMSUVOVF90ZXN0OmNhL25hK3J5ICI8XCUmPT/DqSA0NzEx",
           "QUlLX0NMSUVOVF90ZXN0OmNhL25hK3J5ICI8XCUmPT_DqSA0NzEx",
           "eDpjYS9uYStyeSAiPFwlJj0/w6kgNDcxMQ==",
           R"(ca/na+ry \"<\\%&=?\u00e9 4711)",
           R"(ca\/na+ry \"<\\%&=?)"
           "\xC3\xA9 4711",
           "ca%2Fna%2Bry%20%22%3C%5C%25%26%3D%3F%C3%A9%204711",
           "ca%2Fna%2Bry+%22%3C%5C%25%26%3D%3F%C3%A9+4711",
           "ca/na+ry &quot;&lt;\\%&amp;=?\xC3\xA9 4711",
           "63612f6e612b727920223c5c25263d3fc3a92034373131",
       })
    EXPECT_THAT(search.found_in(planted), testing::Not(IsEmpty())) << planted;
}

}  // namespace
}  // namespace end_to_end
