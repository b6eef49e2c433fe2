// The steps of one instance: what each asks for, and what it hands over.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/aikido_activity_log/input_scenario.hpp"

namespace aikido {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kKey = "https://app.aikido.dev AIK_CLIENT_test";

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

TEST_F(InputTest, ATokenIsRenewedBeforeItsEnd) {
  begin();
  transport_->push_page("[" + record(1) + "]");
  step();
  host_.monotonic_ns += 3300 * kNsPerSecond;
  transport_->push_token("TOKEN_2");
  step();
  EXPECT_THAT(transport_->asked.back().url, HasSubstr("/oauth/token"));
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

TEST_F(InputTest, ADebugLogTellsOfEachRequestAndWait) {
  host_.properties["log_level"] = "debug";
  begin();
  transport_->push_page("[" + record(1) + "]");
  transport_->push_page("[]");
  transport_->push(FakeTransport::answer(503, "{}"));
  while (step().wait.ns == 0) continue;
  host_.advance(60 * kSecondNs);
  failure();
  const auto page = [](const std::string& from, const std::string& rest) {
    return testing::MatchesRegex(from + ", 20[0-9T:-]+Z to 20[0-9T:-]+Z, " + rest);
  };
  EXPECT_THAT(host_.log,
              ElementsAre("token: taken", page("(fresh|late)", "page 0: 1 record, 1 new"),
                          page("(fresh|late)", "page 1: 0 records, 0 new; the sweep is complete"),
                          testing::MatchesRegex("waits [0-9]+ ms: idle"),
                          page("(fresh|late)", "page 0: Aikido.* answered 503.*")));
}

TEST_F(InputTest, NoTextIsMadeThatNobodyReads) {
  begin();
  transport_->push_page("[" + record(1) + "]");
  step();
  EXPECT_THAT(host_.log, testing::IsEmpty());
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
