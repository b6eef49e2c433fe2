// The order of calls is the helper's business, so that no plugin has to check it.
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "tests/plugin_api/border_double.hpp"

namespace connector {
namespace {

class CallOrder : public testing::Test {
 protected:
  ScriptReset reset_;
  Border border_;
};

TEST_F(CallOrder, NextBatchBeforeConfigureIsRefused) {
  border_.init();
  EXPECT_EQ(border_.next_batch(), CONNECTOR_ERROR_INTERNAL);
  EXPECT_NE(border_.error.text().find("out of order"), std::string::npos);
  EXPECT_EQ(border_.configure(), CONNECTOR_OK);
  EXPECT_EQ(border_.next_batch(), CONNECTOR_OK);
}

TEST_F(CallOrder, ConfigureHappensOnce) {
  border_.ready();
  EXPECT_EQ(border_.configure(), CONNECTOR_ERROR_INTERNAL);
  EXPECT_EQ(border_.next_batch(), CONNECTOR_OK);
}

TEST_F(CallOrder, AfterARefusedConfigureOnlyDestroyFollows) {
  script.configure = [](std::string_view, std::string_view) -> Result<void> {
    return Error{Status::kConfig, "/a: no"};
  };
  border_.init();
  EXPECT_EQ(border_.configure(), CONNECTOR_ERROR_CONFIG);
  EXPECT_EQ(border_.configure(), CONNECTOR_ERROR_INTERNAL);
  EXPECT_EQ(border_.next_batch(), CONNECTOR_ERROR_INTERNAL);
}

TEST_F(CallOrder, AfterAConfigureThatThrewOnlyDestroyFollows) {
  script.configure = [](std::string_view, std::string_view) -> Result<void> { throw 1; };
  border_.init();
  border_.configure();
  EXPECT_EQ(border_.next_batch(), CONNECTOR_ERROR_INTERNAL);
}

TEST_F(CallOrder, ConfigureIsGivenSettingsAndCheckpointByteForByte) {
  std::string seen;
  script.configure = [&](std::string_view settings, std::string_view checkpoint) {
    seen = std::string(settings) + "|" + std::string(checkpoint);
    return Result<void>();
  };
  border_.init();
  border_.configure("{ }", std::string_view("\0\xFFz", 3));
  EXPECT_EQ(seen, std::string("{ }|\0\xFFz", 7));
}

TEST_F(CallOrder, ConfigureIsNeverGivenANullView) {
  bool null = true;
  script.configure = [&](std::string_view settings, std::string_view checkpoint) {
    null = !settings.data() || !checkpoint.data();
    return Result<void>();
  };
  border_.init();
  border_.configure({}, {});
  EXPECT_FALSE(null);
}

TEST_F(CallOrder, CancelIsSticky) {
  int calls = 0;
  script.next_batch = [&](Host) {
    ++calls;
    return Batch{};
  };
  border_.ready();
  border_.cancel();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(border_.next_batch(), CONNECTOR_ERROR_CANCELLED);
  EXPECT_EQ(calls, 0);
}

TEST_F(CallOrder, CancelReachesACallThatIsRunning) {
  std::promise<void> inside, cancelled;
  script.cancel = [&] { cancelled.set_value(); };
  script.next_batch = [&](Host) -> Result<Batch> {
    inside.set_value();
    cancelled.get_future().wait();
    return Error{Status::kCancelled, "cancelled"};
  };
  border_.ready();
  std::thread canceller([&] {
    inside.get_future().wait();
    border_.cancel();
  });
  EXPECT_EQ(border_.next_batch(), CONNECTOR_ERROR_CANCELLED);
  canceller.join();
}

}  // namespace
}  // namespace connector
