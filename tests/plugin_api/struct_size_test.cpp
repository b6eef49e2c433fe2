// A struct smaller than the plugin knows is refused, and nothing of it is touched.
#include <gtest/gtest.h>

#include "tests/plugin_api/border_double.hpp"

namespace connector {
namespace {

class StructSize : public testing::Test {
 protected:
  ScriptReset reset_;
  Border border_;
};

TEST_F(StructSize, OfTheHostTooSmallRefusesInit) {
  --border_.host.table().size;
  border_.instance = reinterpret_cast<connector_instance*>(&border_);
  EXPECT_EQ(border_.init(), CONNECTOR_ERROR_INTERNAL);
  EXPECT_NE(border_.error.text().find("older"), std::string::npos);
  border_.instance = nullptr;  // what it points to is unspecified with such a host
}

TEST_F(StructSize, OfTheConfigurationTooSmallIsRefused) {
  ASSERT_EQ(border_.init(), CONNECTOR_OK);
  const connector_configuration configuration{sizeof configuration - 1, text("{}"), {}};
  EXPECT_EQ(border::configure<Scripted>(border_.instance, &configuration, &border_.error.raw),
            CONNECTOR_ERROR_INTERNAL);
}

TEST_F(StructSize, OfTheRequestTooSmallIsRefused) {
  border_.ready();
  EXPECT_EQ(border_.next_batch({sizeof(connector_request) - 1, 1, 1, INT64_MAX}),
            CONNECTOR_ERROR_INTERNAL);
}

TEST_F(StructSize, OfTheBatchTooSmallIsRefusedUntouched) {
  script.next_batch = [](Host) { return Batch{.checkpoint = "c"}; };
  border_.ready();
  --border_.batch.size;
  EXPECT_EQ(border_.next_batch(), CONNECTOR_ERROR_INTERNAL);
  EXPECT_EQ(border_.batch.owner, nullptr);
  EXPECT_EQ(border_.batch.checkpoint.size, 0u);
}

TEST_F(StructSize, OfTheErrorTooSmallLeavesItUntouched) {
  border_.error.raw.size = sizeof border_.error.raw - 1;
  border_.error.raw.text_size = 99;
  EXPECT_EQ(border_.configure(), CONNECTOR_ERROR_INTERNAL);
  EXPECT_EQ(border_.error.raw.text_size, 99u);
  EXPECT_EQ(border_.error.buffer, std::string(4096, '#'));
}

// A later host's structs are larger; the plugin works, and leaves the rest alone.
TEST_F(StructSize, LargerThanKnownIsFine) {
  struct Later {
    connector_batch batch;
    uint64_t appended;
  } later{border_.empty_batch(), 0xA5A5A5A5A5A5A5A5};
  later.batch.size = sizeof later;
  script.next_batch = [](Host) { return Batch{.checkpoint = "c"}; };
  border_.ready();
  const connector_request request{sizeof request + 64, 1, 1, INT64_MAX};
  ASSERT_EQ(border::step<Scripted>(
                border_.instance, &request, &later.batch, &border_.error.raw,
                [](Scripted& plugin, const Request& step) { return plugin.next_batch(step); }),
            CONNECTOR_OK);
  EXPECT_EQ(view(later.batch.checkpoint), "c");
  EXPECT_EQ(later.appended, 0xA5A5A5A5A5A5A5A5);
  later.batch.release(later.batch.owner);
}

TEST_F(StructSize, MissingPointersAreRefusedToo) {
  EXPECT_EQ(border::init<Scripted>(nullptr, &border_.instance, &border_.error.raw),
            CONNECTOR_ERROR_INTERNAL);
  EXPECT_EQ(border::init<Scripted>(&border_.host.table(), nullptr, &border_.error.raw),
            CONNECTOR_ERROR_INTERNAL);
  EXPECT_EQ(border::configure<Scripted>(nullptr, nullptr, nullptr), CONNECTOR_ERROR_INTERNAL);
}

}  // namespace
}  // namespace connector
