#include "plugins/aikido_activity_log/activity_log_input.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>
#include <nlohmann/json.hpp>

#include "tests/aikido_activity_log/fake_transport.hpp"
#include "tests/aikido_activity_log/host_double.hpp"

namespace aikido {
namespace {

using connector::Batch;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kKey = "https://app.aikido.dev AIK_CLIENT_test";

// Steps of one instance, on answers that the test puts.
class InputTest : public testing::Test {
 protected:
  void make(std::string_view checkpoint = {},
            const std::string& settings = R"({"client_id":"AIK_CLIENT_test"})") {
    auto transport = std::make_unique<FakeTransport>();
    transport_ = transport.get();
    input_ = std::make_unique<ActivityLogInput>(host_.host(), std::move(transport));
    const Result<void> configured = input_->configure(settings, checkpoint);
    ASSERT_TRUE(configured) << configured.error().text;
  }
  // First run, with its beginning fixed and a token in hand.
  void begin(const std::string& settings = R"({"client_id":"AIK_CLIENT_test"})") {
    make({}, settings);
    transport_->push_token();
    last_checkpoint_ = step().checkpoint;
  }
  Batch step() {
    Result<Batch> batch = input_->next_batch({});
    EXPECT_TRUE(batch) << batch.error().text;
    return batch ? *std::move(batch) : Batch{};
  }
  Error failure() {
    const Result<Batch> batch = input_->next_batch({});
    EXPECT_FALSE(batch);
    return batch ? Error{} : batch.error();
  }
  static std::string http_date(int64_t seconds) {
    const time_t time = seconds;
    std::tm parts{};
    gmtime_r(&time, &parts);
    std::string text(64, '\0');
    text.resize(std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts));
    return text;
  }
  std::string record(int id) const {
    return R"({"id":)" + std::to_string(id) + R"(,"timestamp":)" + std::to_string(kNoon + 1) + "}";
  }

  HostDouble host_;
  FakeTransport* transport_ = nullptr;
  std::unique_ptr<ActivityLogInput> input_;
  std::string last_checkpoint_;
};

TEST_F(InputTest, TheFirstBatchFixesTheBeginningBeforeAnythingIsRead) {
  make();
  transport_->push_token();
  const Batch batch = step();
  EXPECT_EQ(batch.records.size(), 0u);
  EXPECT_FALSE(batch.checkpoint.empty());
  EXPECT_EQ(batch.wait.ns, 0);
  EXPECT_EQ(batch.wait.reason, CONNECTOR_WAIT_NONE);
  EXPECT_EQ(transport_->asked.size(), 1u);
  EXPECT_THAT(host_.slots, ElementsAre(kKey));
  EXPECT_EQ(host_.intervals.at(kKey), 3'333'333'334);
}

TEST_F(InputTest, RecordsArriveAsViewsWithACheckpoint) {
  begin();
  transport_->push_page("[" + record(1) + "," + record(2) + "]");
  const Batch batch = step();
  ASSERT_EQ(batch.records.size(), 2u);
  EXPECT_EQ(connector::view(batch.records[0].data), record(1));
  EXPECT_EQ(connector::view(batch.records[1].id), "2");
  EXPECT_EQ(batch.records[1].event_time_ns, (kNoon + 1) * kNsPerSecond);
  EXPECT_FALSE(batch.checkpoint.empty());
  EXPECT_NE(batch.watermark_ns, CONNECTOR_TIME_UNKNOWN);
  EXPECT_EQ(host_.counters.count("records_total{}"), 0u) << "the host counts them";
  EXPECT_EQ(host_.counters.at("requests_total{kind=token,outcome=ok}"), 1);
}

TEST_F(InputTest, ARepeatIsDroppedAndCounted) {
  begin();
  transport_->push_page("[" + record(1) + "," + record(1) + "]");
  EXPECT_EQ(step().records.size(), 1u);
  EXPECT_EQ(host_.counters.at("repeats_dropped_total{}"), 1);
}

TEST_F(InputTest, WhileThePaceSaysWaitNothingIsAsked) {
  make();
  host_.pace_wait_ns = 7;
  const Batch token_wait = step();
  EXPECT_EQ(token_wait.wait.ns, 7);
  EXPECT_EQ(token_wait.wait.reason, CONNECTOR_WAIT_RATE_LIMIT);
  EXPECT_TRUE(transport_->asked.empty());
  host_.pace_wait_ns = 0;
  transport_->push_token();
  step();
  host_.pace_wait_ns = 9;
  EXPECT_EQ(step().wait.ns, 9);
  EXPECT_EQ(transport_->asked.size(), 1u);
}

TEST_F(InputTest, WhenCaughtUpItIsIdleUntilTheNextPollAndCloses) {
  begin();
  for (int page = 0; page < 20; ++page) transport_->push_page("[]");
  Batch batch = step();
  while (batch.wait.ns == 0) batch = step();
  EXPECT_EQ(batch.wait.reason, CONNECTOR_WAIT_IDLE);
  EXPECT_GT(batch.wait.ns, 5 * kNsPerSecond);
  EXPECT_LE(batch.wait.ns, 60 * kNsPerSecond);
  EXPECT_EQ(transport_->rests, 1);
  const size_t asked = transport_->asked.size();
  host_.advance(batch.wait.ns);
  EXPECT_EQ(step().wait.ns, 0);
  EXPECT_EQ(transport_->asked.size(), asked + 1);
}

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

TEST_F(InputTest, ATokenIsRenewedBeforeItsEnd) {
  begin();
  transport_->push_page("[" + record(1) + "]");
  step();
  host_.monotonic_ns += 3300 * kNsPerSecond;
  transport_->push_token("TOKEN_2");
  step();
  EXPECT_THAT(transport_->asked.back().url, HasSubstr("/oauth/token"));
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

TEST_F(InputTest, ACheckpointResumesWhereItWasTaken) {
  begin();
  transport_->push_page("[" + record(1) + "]");
  const std::string checkpoint = step().checkpoint;
  transport_->push_page("[]");
  step();
  const std::string next = transport_->asked.back().url;
  make(checkpoint);
  transport_->push_token();
  EXPECT_TRUE(step().checkpoint.empty()) << "no second beginning";
  transport_->push_page("[]");
  step();
  EXPECT_EQ(transport_->asked.back().url, next);
}

TEST_F(InputTest, ACheckpointOfAnotherFilterIsRefused) {
  begin();
  ActivityLogInput other(host_.host(), std::make_unique<FakeTransport>());
  const Result<void> configured =
      other.configure(R"({"client_id":"AIK_CLIENT_test","cloud_id":7})", last_checkpoint_);
  ASSERT_FALSE(configured);
  EXPECT_EQ(configured.error().status, Status::kCheckpoint);
}

TEST_F(InputTest, AChangedBackfillStartIsRemarkedInTheLog) {
  begin();
  make(last_checkpoint_, R"({"client_id":"AIK_CLIENT_test","backfill_start_time":"2025-12-01"})");
  ASSERT_EQ(host_.log.size(), 1u);
  EXPECT_THAT(host_.log[0], HasSubstr("backfill_start_time"));
}

TEST_F(InputTest, CancelIsStickyAndReachesARunningRequest) {
  begin();
  transport_->on_perform = [&] { input_->cancel(); };
  EXPECT_EQ(failure().status, Status::kCancelled);
  EXPECT_EQ(failure().status, Status::kCancelled);
  EXPECT_EQ(transport_->asked.size(), 2u);
}

TEST_F(InputTest, TheDescriptionIsJsonAndItsDefaultsAreTheSettings) {
  const auto json = nlohmann::json::parse(ActivityLogInput::describe());
  EXPECT_EQ(json["name"], "aikido_activity_log");
  EXPECT_EQ(json["settings"]["required"], nlohmann::json::array({"client_id"}));
  EXPECT_EQ(json["settings"]["additionalProperties"], false);
  EXPECT_EQ(json["secrets"][0]["name"], "client_secret");
  nlohmann::json defaults = {{"client_id", "x"}};
  for (const auto& [name, schema] : json["settings"]["properties"].items()) {
    EXPECT_FALSE(schema["description"].get<std::string>().empty()) << name;
    if (schema.contains("default")) defaults[name] = schema["default"];
  }
  const Settings spelt = *read_settings(defaults.dump(), false);
  const Settings bare = *read_settings(R"({"client_id":"x"})", false);
  EXPECT_EQ(spelt.host_root, bare.host_root);
  EXPECT_EQ(spelt.request_timeout_ns, bare.request_timeout_ns);
  EXPECT_EQ(spelt.collector.identity, bare.collector.identity);
  EXPECT_EQ(spelt.collector.poll_interval_ns, bare.collector.poll_interval_ns);
  EXPECT_EQ(spelt.collector.late_arrival_window_ns, bare.collector.late_arrival_window_ns);
  EXPECT_EQ(spelt.collector.late_check_interval_ns, bare.collector.late_check_interval_ns);
  EXPECT_EQ(spelt.collector.request_interval_ns, bare.collector.request_interval_ns);
  nlohmann::json preview = defaults;
  preview.merge_patch(json["preview"]);
  EXPECT_TRUE(read_settings(preview.dump(), false));
}

}  // namespace
}  // namespace aikido
