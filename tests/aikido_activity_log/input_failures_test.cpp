// What an instance does about each failure, and when it asks again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/aikido_activity_log/input_scenario.hpp"

namespace aikido {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST_F(InputTest, A401CostsOneNewTokenAndOnlyASecondOneIsTold) {
  begin();
  transport_->push(FakeTransport::answer(401, "{}"));
  const Batch renewing = step();
  EXPECT_EQ(renewing.wait.ns, 0);
  EXPECT_EQ(renewing.records.size(), 0u);
  transport_->push_token("TOKEN_2");
  step();
  transport_->push_page("[" + record(1) + "]");
  EXPECT_EQ(step().records.size(), 1u);
  EXPECT_EQ(transport_->asked.back().authorization, "Bearer TOKEN_2");
  EXPECT_EQ(transport_->asked.size(), 4u);
  EXPECT_EQ(host_.slots.size(), 4u) << "each request took its slot";

  transport_->push(FakeTransport::answer(401, "{}"));
  transport_->push_token("TOKEN_3");
  transport_->push(FakeTransport::answer(401, "{}"));
  step();
  step();
  EXPECT_EQ(failure().status, Status::kAuth);
  transport_->push_token("TOKEN_4");
  step();
  EXPECT_THAT(transport_->asked.back().url, HasSubstr("/oauth/token")) << "a probe begins anew";
}

TEST_F(InputTest, AfterAnErrorTheSameQuestionIsAskedAgain) {
  begin();
  transport_->push(FakeTransport::answer(503, "<html>"));
  EXPECT_EQ(failure().status, Status::kTransient);
  transport_->push_page("[" + record(1) + "]");
  EXPECT_EQ(step().records.size(), 1u);
  const auto& asked = transport_->asked;
  EXPECT_EQ(asked.at(asked.size() - 1).url, asked.at(asked.size() - 2).url);
}

// Whether the window is too wide is asked of its page 400. Nothing depends on that.
class LookingAhead : public InputTest {
 protected:
  void SetUp() override {
    begin(R"({"client_id":"AIK_CLIENT_test","backfill_start_time":"-3d"})");
    transport_->push_page("[]");
    step();
    for (const int first : {1'000, 2'000}) {
      transport_->push_page(page(first));
      last_checkpoint_ = step().checkpoint;
    }
  }
  static std::string page(int first) {
    std::string body = "[";
    for (int i = first; i < first + kRecordsPerPage; ++i)
      body += (i > first ? "," : "") + ("{\"id\":" + std::to_string(i)) +
              ",\"timestamp\":" + std::to_string(kNoon - 2 * kSecondsPerDay - i) + "}";
    return body + "]";
  }
  void expect_the_next_page() {
    transport_->push_page(page(3'000));
    EXPECT_EQ(step().records.size(), 50U);
    EXPECT_THAT(transport_->asked.back().url, HasSubstr("page=2&"));
  }
};

TEST_F(LookingAhead, WhateverIsWrongWithItNobodyIsToldAndTheNextPageFollows) {
  const std::vector<HttpAnswer> answers = {
      FakeTransport::answer(400, "{}"), FakeTransport::answer(401, "{}"),
      FakeTransport::answer(403, "{}"), FakeTransport::answer(404, "{}"),
      FakeTransport::answer(500, "{}"), FakeTransport::answer(200, "{}"),
      FakeTransport::answer(302, ""),   FakeTransport::lost(NoAnswer::kBroken)};
  for (const HttpAnswer& answer : answers) {
    SCOPED_TRACE(answer.status);
    make(last_checkpoint_, R"({"client_id":"AIK_CLIENT_test","backfill_start_time":"-3d"})");
    transport_->push_token();
    step();
    transport_->push(answer);
    const Batch looked = step();
    EXPECT_EQ(looked.records.size(), 0U);
    EXPECT_NE(looked.checkpoint, "") << "a crash does not ask again";
    EXPECT_THAT(transport_->asked.back().url, HasSubstr("page=400&"));
    expect_the_next_page();
  }
}

TEST_F(LookingAhead, WhoIsAskedToWaitWaitsAndDoesNotLookAgain) {
  transport_->push(FakeTransport::answer(429, "{}"));
  EXPECT_EQ(failure().status, Status::kRateLimited);
  EXPECT_THAT(transport_->asked.back().url, HasSubstr("page=400&"));
  host_.advance(120 * kNsPerSecond);
  transport_->push_page("[]");
  step();
  expect_the_next_page();
}

TEST_F(InputTest, FailuresBackOffAndASuccessResets) {
  begin();
  std::vector<int64_t> waits;
  for (int i = 0; i < 10; ++i) {
    transport_->push(FakeTransport::lost(NoAnswer::kConnect));
    const Error error = failure();
    EXPECT_EQ(error.wait.reason, CONNECTOR_WAIT_BACKOFF);
    waits.push_back(error.wait.ns / kNsPerSecond);
  }
  EXPECT_THAT(waits, ElementsAre(2, 4, 8, 16, 32, 64, 128, 256, 300, 300));
  host_.pace_wait_ns = 5;
  step();
  host_.pace_wait_ns = 0;
  transport_->push(FakeTransport::lost(NoAnswer::kConnect));
  EXPECT_EQ(failure().wait.ns, 300 * kNsPerSecond) << "a wait for the pace is no success";
  transport_->push_page("[]");
  step();
  host_.advance(600 * kNsPerSecond);
  transport_->push(FakeTransport::answer(200, "{}"));
  EXPECT_EQ(failure().wait.ns, 1) << "the late sweep is not held up by the fresh one";
  transport_->push(FakeTransport::answer(200, "{}"));
  const Error error = failure();
  EXPECT_EQ(error.status, Status::kProtocol) << "all is answered alike";
  EXPECT_EQ(error.wait.ns, 2 * kNsPerSecond);
}

TEST_F(InputTest, AWholeOutageBacksOffToFiveMinutes) {
  begin();
  int64_t asked = 0;
  for (int64_t spent = 0; spent < 7'200 * kNsPerSecond; ++asked) {
    transport_->push(FakeTransport::answer(500, ""));
    const Error error = failure();
    EXPECT_EQ(error.status, Status::kTransient);
    EXPECT_EQ(error.wait.reason, CONNECTOR_WAIT_BACKOFF);
    host_.advance(error.wait.ns);
    spent += error.wait.ns;
  }
  EXPECT_GE(asked, 40);
  EXPECT_LE(asked, 2 * (7'200 / 300 + 8)) << "the fresh and the late sweep each";
}

TEST_F(InputTest, ARetryAfterLongerThanTheBackOffStands) {
  begin();
  HttpAnswer unavailable = FakeTransport::answer(503, "");
  unavailable.retry_after = "1000";
  transport_->push(unavailable);
  EXPECT_EQ(failure().wait.ns, 1000 * kNsPerSecond);
}

TEST_F(InputTest, ADeadlineThatHasPassedCostsNoRequest) {
  begin();
  connector::Request request;
  request.deadline_ns = host_.monotonic_ns;
  const Result<Batch> batch = input_->next_batch(request);
  ASSERT_FALSE(batch);
  EXPECT_EQ(batch.error().status, Status::kDeadline);
  EXPECT_EQ(transport_->asked.size(), 1u);
  EXPECT_EQ(host_.slots.size(), 1u);
}

TEST_F(InputTest, CancelIsStickyAndReachesARunningRequest) {
  begin();
  transport_->on_perform = [&] { input_->cancel(); };
  EXPECT_EQ(failure().status, Status::kCancelled);
  EXPECT_EQ(failure().status, Status::kCancelled);
  EXPECT_EQ(transport_->asked.size(), 2u);
}

// A restart between two polls: the Date of a refused start tells the time, and nothing more.
TEST_F(InputTest, ARefusedStartIsTriedAgainThoughNothingIsDue) {
  begin();
  transport_->push_page("[]");
  std::string checkpoint = step().checkpoint;
  transport_->push_page("[]");
  const Batch second = step();
  if (!second.checkpoint.empty()) checkpoint = second.checkpoint;
  make(checkpoint);
  HttpAnswer refusal = FakeTransport::answer(503, "");
  refusal.date = "Thu, 01 Jan 2026 12:00:00 GMT";
  for (int i = 0; i < 2; ++i) {
    transport_->push(refusal);
    EXPECT_EQ(failure().wait.reason, CONNECTOR_WAIT_BACKOFF);
  }
  transport_->push_token();
  EXPECT_EQ(step().wait.reason, CONNECTOR_WAIT_NONE);
  EXPECT_EQ(step().wait.reason, CONNECTOR_WAIT_IDLE);
}

}  // namespace
}  // namespace aikido
