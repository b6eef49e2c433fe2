#include "host_sim/status/state_of_health.hpp"

#include <gtest/gtest.h>

#include "tests/host_sim/status/snapshots.hpp"

namespace host::status {
namespace {

using test::status;

TEST(StateOfHealth, IsWellWhereEveryPipelineCollects) {
  const StateOfHealth health = state_of_health(
      {status("a", PipelineHealth::kRunning), status("b", PipelineHealth::kRunning)});
  EXPECT_TRUE(health.well);
  EXPECT_EQ(health.text, "ok\n");
}

TEST(StateOfHealth, NamesWhoIsNotRunningAndWhy) {
  const StateOfHealth health =
      state_of_health({status("a", PipelineHealth::kRunning),
                       status("b", PipelineHealth::kErroring, "no route to host; trying again"),
                       status("c", PipelineHealth::kStopped, "the secret is refused"),
                       status("d", PipelineHealth::kPending)});
  EXPECT_FALSE(health.well);
  EXPECT_EQ(health.text,
            "b: erroring: no route to host; trying again\n"
            "c: stopped: the secret is refused\n"
            "d: pending\n");
}

// A restart, which is what a probe brings about, would not make it faster.
TEST(StateOfHealth, AThrottledOneIsToldOfAndWell) {
  const StateOfHealth health =
      state_of_health({status("a", PipelineHealth::kThrottled, "the quota is used up")});
  EXPECT_TRUE(health.well);
  EXPECT_EQ(health.text, "a: throttled: the quota is used up\n");
}

TEST(StateOfHealth, OneThatIsCaughtUpIsWell) {
  PipelineStatus done = status("a", PipelineHealth::kStopped, "caught up");
  done.caught_up = true;
  EXPECT_TRUE(state_of_health({done}).well);
  EXPECT_FALSE(state_of_health({status("a", PipelineHealth::kStopped, "caught up")}).well);
}

TEST(StateOfHealth, OneThatHasNotShownThatItCanIsNot) {
  EXPECT_FALSE(state_of_health({status("a", PipelineHealth::kPending)}).well);
  EXPECT_FALSE(state_of_health({status("a", PipelineHealth::kInitializing)}).well);
}

TEST(StateOfHealth, BeforeThereAreAnyTheHostStarts) {
  const StateOfHealth health = state_of_health({});
  EXPECT_FALSE(health.well);
  EXPECT_EQ(health.text, "the host is starting: its state is not open yet\n");
}

}  // namespace
}  // namespace host::status
