// Nothing unwinds across the border: whatever is thrown becomes a status and a line of text.
#include <gtest/gtest.h>

#include <new>
#include <stdexcept>

#include "tests/plugin_api/border_double.hpp"

namespace connector {
namespace {

struct Thrown {
  const char* name;
  std::function<void()> raise;
  const char* text;
};

void PrintTo(const Thrown& thrown, std::ostream* out) { *out << thrown.name; }

class Guard : public testing::TestWithParam<Thrown> {
 protected:
  ScriptReset reset_;
  Border border_;
};

TEST_P(Guard, TurnsWhatConfigureThrowsIntoInternal) {
  script.configure = [](std::string_view, std::string_view) -> Result<void> {
    GetParam().raise();
    return {};
  };
  ASSERT_EQ(border_.init(), CONNECTOR_OK);
  EXPECT_EQ(border_.configure(), CONNECTOR_ERROR_INTERNAL);
  EXPECT_EQ(border_.error.text(), GetParam().text);
}

TEST_P(Guard, TurnsWhatNextBatchThrowsIntoInternalAndLeavesTheBatchAlone) {
  script.next_batch = [](Host) -> Result<Batch> {
    GetParam().raise();
    return Batch{};
  };
  border_.ready();
  EXPECT_EQ(border_.next_batch(), CONNECTOR_ERROR_INTERNAL);
  EXPECT_EQ(border_.error.text(), GetParam().text);
  EXPECT_EQ(border_.batch.release, nullptr);
  EXPECT_EQ(border_.batch.owner, nullptr);
}

TEST_P(Guard, TurnsWhatTheConstructorThrowsIntoInternalAndMakesNoInstance) {
  script.construct = [] { GetParam().raise(); };
  border_.instance = reinterpret_cast<connector_instance*>(&border_);
  EXPECT_EQ(border_.init(), CONNECTOR_ERROR_INTERNAL);
  EXPECT_EQ(border_.error.text(), GetParam().text);
  EXPECT_EQ(border_.instance, nullptr);
}

TEST_P(Guard, KeepsWhatCancelThrowsToItself) {
  script.cancel = [] { GetParam().raise(); };
  border_.ready();
  border_.cancel();
  EXPECT_EQ(border_.next_batch(), CONNECTOR_ERROR_CANCELLED);
}

INSTANTIATE_TEST_SUITE_P(
    EveryType, Guard,
    testing::Values(
        Thrown{"standard", [] { throw std::runtime_error("no such page"); }, "no such page"},
        Thrown{"memory", [] { throw std::bad_alloc(); }, "out of memory"},
        Thrown{"derived_memory", [] { throw std::bad_array_new_length(); }, "out of memory"},
        Thrown{"number", [] { throw 42; }, "an exception of unknown type"},
        Thrown{"text", [] { throw "text"; }, "an exception of unknown type"},
        Thrown{"lines", [] { throw std::logic_error("a\nb\tc"); }, "a b c"},
        Thrown{"empty", [] { throw std::runtime_error(""); }, ""}),
    [](const testing::TestParamInfo<Thrown>& thrown) { return thrown.param.name; });

TEST(GuardWithoutAnError, StillTellsTheStatus) {
  EXPECT_EQ(border::guarded(nullptr, []() -> Result<void> { throw 1; }), CONNECTOR_ERROR_INTERNAL);
  EXPECT_EQ(border::guarded(nullptr, []() -> Result<void> { return {}; }), CONNECTOR_OK);
}

// A mistaken plugin that returns an error of status OK must not look like a success.
TEST(GuardWithoutAnError, TakesAnErrorThatSaysOkForInternal) {
  EXPECT_EQ(border::guarded(nullptr,
                            []() -> Result<void> {
                              return Error{Status::kOk, "?"};
                            }),
            CONNECTOR_ERROR_INTERNAL);
}

}  // namespace
}  // namespace connector
