// Whose clock an instance goes by.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>

#include "tests/aikido_activity_log/input_scenario.hpp"

namespace aikido {
namespace {

using testing::HasSubstr;

std::string http_date(int64_t seconds) {
  const time_t time = seconds;
  std::tm parts{};
  gmtime_r(&time, &parts);
  std::string text(64, '\0');
  text.resize(std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts));
  return text;
}

TEST_F(InputTest, TheServersTimeRulesTheBeginning) {
  make();
  HttpAnswer token = FakeTransport::token();
  token.date = "Thu, 01 Jan 2026 11:55:00 GMT";
  transport_->push(token);
  step();
  transport_->push_page("[]");
  step();
  EXPECT_THAT(transport_->asked.back().url,
              HasSubstr("&end=" + std::to_string(kNoon - 300 + 1) + "&"));
}

TEST_F(InputTest, WhereTheClocksDifferByMoreThanADayNothingIsBegun) {
  make();
  HttpAnswer wrong = FakeTransport::token();
  for (const char* date : {"Sat, 03 Jan 2026 12:00:00 GMT", "Tue, 30 Dec 2025 12:00:00 GMT"}) {
    wrong.date = date;
    transport_->push(wrong);
    const Error error = failure();
    EXPECT_EQ(error.status, Status::kTransient);
    EXPECT_GT(error.wait.ns, 0);
    EXPECT_THAT(error.text, HasSubstr("2026-01-01T12:00:00Z"));
    EXPECT_THAT(error.text, HasSubstr("clock"));
  }
  wrong.date = "Fri, 02 Jan 2026 11:00:00 GMT";
  transport_->push(wrong);
  EXPECT_FALSE(step().checkpoint.empty()) << "with a new token and its date";
  EXPECT_EQ(transport_->asked.size(), 3u);
}

// A restart on a day on which some server's clock is wrong. One that is behind is known to be wrong
// from what was vouched for.
TEST_F(InputTest, NorIsAnythingAskedForAfterARestart) {
  begin();
  make(last_checkpoint_);
  HttpAnswer wrong = FakeTransport::token();
  wrong.date = "Fri, 02 Jan 2026 12:00:01 GMT";
  transport_->push(wrong);
  EXPECT_EQ(failure().status, Status::kTransient);
  wrong.date = "Tue, 30 Dec 2025 12:00:00 GMT";
  transport_->push(wrong);
  step();
  transport_->push_page("[" + record(1) + "]");
  EXPECT_EQ(step().records.size(), 1u);
  EXPECT_EQ(transport_->asked.size(), 3u);
  EXPECT_THAT(transport_->asked.back().url, HasSubstr("&end=" + std::to_string(kNoon + 1) + "&"));
}

// The host's clock may be some minutes behind; and where there is a position, it has no effect.
TEST_F(InputTest, ABeginningInTheFutureIsRefusedOnAFirstRunAlone) {
  const auto configured = [&](const char* start, const std::string& checkpoint) {
    ActivityLogInput input(host_.host(), std::make_unique<FakeTransport>());
    return input.configure(
        R"({"client_id":"AIK_CLIENT_test","backfill_start_time":")" + std::string(start) + "\"}",
        checkpoint);
  };
  EXPECT_TRUE(configured("2026-01-01T12:05:00Z", ""));
  const Result<void> refused = configured("2026-01-01T12:05:01Z", "");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().status, Status::kConfig);
  EXPECT_THAT(refused.error().text, HasSubstr("lies in the future"));
  begin();
  EXPECT_TRUE(configured("2026-01-01T12:05:01Z", last_checkpoint_));
}

// One of many servers is three hours ahead and answers twice in a row.
TEST_F(InputTest, TwoDatesAheadNeitherStopNorVouch) {
  begin(R"({"client_id":"AIK_CLIENT_test","late_arrival_window":"60s"})");
  const auto answer = [&](int64_t ahead_s) {
    HttpAnswer page = FakeTransport::answer(200, "[]");
    page.has_next_page = "false";
    page.date = http_date(host_.wall_ns / kNsPerSecond + ahead_s);
    transport_->push(page);
    return step();
  };
  answer(0);
  int64_t watermark_ns = 0;
  for (const int64_t ahead_s : {10'800, 10'800, 0, 0}) {
    host_.advance(600 * kNsPerSecond);
    watermark_ns = answer(ahead_s).watermark_ns;
    EXPECT_LE(watermark_ns, host_.wall_ns);
  }
  const Batch idle = step();
  EXPECT_EQ(idle.wait.reason, CONNECTOR_WAIT_IDLE);
  EXPECT_LE(idle.wait.ns, 60 * kNsPerSecond);
  EXPECT_GE(watermark_ns, host_.wall_ns - 61 * kNsPerSecond);
}

}  // namespace
}  // namespace aikido
