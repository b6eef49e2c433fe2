// Each class of error and its one action.
#include "host_sim/retry_policy.hpp"

#include <gtest/gtest.h>

namespace host {
namespace {

using connector::Error;
using connector::Status;

Error error(Status status, int64_t wait_ns = 0) {
  return {status, "it failed", {wait_ns, CONNECTOR_WAIT_BACKOFF}};
}

void expect(const Decision& decision, Remedy remedy, int64_t wait_ns) {
  EXPECT_EQ(decision.remedy, remedy);
  EXPECT_EQ(decision.wait_ns, wait_ns);
}

TEST(RetryPolicy, WhatPeopleHaveToMendStopsAndIsProbed) {
  for (const Status status : {Status::kConfig, Status::kCheckpoint, Status::kAuth}) {
    RetryPolicy policy(false);
    expect(policy.failed(error(status), false), Remedy::kStop, 15 * 60 * kNsPerSecond);
    RetryPolicy once(true);
    EXPECT_EQ(once.failed(error(status), false).remedy, Remedy::kGiveUp);
  }
}

TEST(RetryPolicy, ARotatedSecretIsTriedOnceAtOnce) {
  RetryPolicy policy(true);
  expect(policy.failed(error(Status::kAuth), true), Remedy::kRetry, 0);
  EXPECT_EQ(policy.failed(error(Status::kAuth), true).remedy, Remedy::kGiveUp);
  policy.progressed();
  expect(policy.failed(error(Status::kAuth), true), Remedy::kRetry, 0);
}

TEST(RetryPolicy, WhatPassesIsRetriedAfterItsWaitOrAGrowingOne) {
  for (const Status status : {Status::kTransient, Status::kDeadline}) {
    RetryPolicy policy(false);
    expect(policy.failed(error(status, 7 * kNsPerSecond), false), Remedy::kRetry, 7 * kNsPerSecond);
    policy.progressed();
    for (const int64_t seconds : {1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300})
      expect(policy.failed(error(status), false), Remedy::kRetry, seconds * kNsPerSecond);
  }
}

TEST(RetryPolicy, ARateLimitIsWaitedOutHoweverOften) {
  RetryPolicy policy(true);
  for (int i = 0; i < 100; ++i)
    expect(policy.failed(error(Status::kRateLimited, 70 * kNsPerSecond), false), Remedy::kRetry,
           70 * kNsPerSecond);
  expect(policy.failed(error(Status::kRateLimited), false), Remedy::kRetry, 60 * kNsPerSecond);
}

TEST(RetryPolicy, FiveInARowEndARunThatIsToEnd) {
  RetryPolicy policy(true);
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(policy.failed(error(Status::kTransient), false).remedy, Remedy::kRetry);
  policy.progressed();
  for (int i = 0; i < 4; ++i) EXPECT_EQ(policy.failed_to_keep().remedy, Remedy::kNewInstance);
  EXPECT_EQ(policy.failed(error(Status::kTransient), false).remedy, Remedy::kGiveUp);
}

// A plugin that goes on well says nothing about the place where its records are kept.
TEST(RetryPolicy, OnlyACommitEndsAFailureToKeep) {
  RetryPolicy policy(false);
  for (const int64_t seconds : {1, 2, 4, 8}) {
    expect(policy.failed_to_keep(), Remedy::kNewInstance, seconds * kNsPerSecond);
    policy.progressed();
  }
  policy.kept();
  expect(policy.failed_to_keep(), Remedy::kNewInstance, kNsPerSecond);
}

TEST(RetryPolicy, FiveAnswersInARowThatMakeNoSenseStop) {
  RetryPolicy policy(false);
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(policy.failed(error(Status::kProtocol, kNsPerSecond), false).remedy, Remedy::kRetry);
  EXPECT_EQ(policy.failed(error(Status::kProtocol), false).remedy, Remedy::kStop);
  EXPECT_EQ(policy.failed(error(Status::kProtocol), false).remedy, Remedy::kStop) << "a probe";
}

TEST(RetryPolicy, AFaultOfThePluginGetsANewInstance) {
  for (const Status status : {Status::kInternal, Status::kCancelled, static_cast<Status>(-77)}) {
    RetryPolicy policy(false);
    expect(policy.failed(error(status), false), Remedy::kNewInstance, kNsPerSecond);
  }
}

}  // namespace
}  // namespace host
