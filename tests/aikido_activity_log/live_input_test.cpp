// The input against the stand-in: real requests, real answers, no time to lose.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "plugins/aikido_activity_log/activity_log_input.hpp"
#include "tests/aikido_activity_log/host_double.hpp"
#include "tests/fake_aikido/activity.hpp"
#include "tests/fake_aikido/server.hpp"

namespace aikido {
namespace {

using connector::Batch;
using fake_aikido::Kind;
using fake_aikido::Shape;
namespace fault = fake_aikido::fault;

constexpr int64_t kDay = 86'400;

class LiveInputTest : public testing::Test {
 protected:
  LiveInputTest() {
    host_.real_time = true;
    host_.properties["run_once"] = "1";
    server_.change([](fake_aikido::Switches& switches) { switches.quota = 1'000'000; });
    now_s_ = server_.now_ns() / fake_aikido::kSecond;
    host_.wall_ns = server_.now_ns();
  }

  void fill(size_t count, Shape shape) {
    server_.organisation().add(
        fake_aikido::make_activity(count, now_s_ - 10 * kDay, now_s_ - 60, {.shape = shape}));
  }
  void make(const std::string& more = {}) {
    input_ = std::make_unique<ActivityLogInput>(host_.host());
    const Result<void> configured =
        input_->configure(R"({"client_id":"AIK_CLIENT_test","backfill_start_time":"-11d",)" + more +
                              R"("base_url":")" + server_.url() + R"("})",
                          checkpoint_);
    ASSERT_TRUE(configured) << configured.error().text;
  }
  // Collects until the input is caught up; errors are met by trying again, as many as expected.
  // Waits take no real time.
  void collect(int errors_expected = 0) {
    for (int steps = 0; steps < 1000; ++steps) {
      Result<Batch> batch = input_->next_batch({});
      if (!batch) {
        ASSERT_GE(--errors_expected, 0) << batch.error().text;
        errors_.push_back(batch.error().status);
        host_.advance(batch.error().wait.ns);
        continue;
      }
      for (const auto& record : batch->records)
        ++collected_[std::string(connector::view(record.data))];
      if (!batch->checkpoint.empty()) checkpoint_ = batch->checkpoint;
      if (batch->wait.reason == CONNECTOR_WAIT_IDLE) return;
      host_.advance(batch->wait.ns);
    }
    FAIL() << "not caught up after 1000 steps";
  }
  void expect_each_once() {
    const auto texts = server_.organisation().texts(server_.now_ns());
    ASSERT_FALSE(texts.empty());
    for (const std::string_view text : texts) EXPECT_EQ(collected_[std::string(text)], 1) << text;
    EXPECT_EQ(collected_.size(), texts.size());
  }

  HostDouble host_;
  fake_aikido::Server server_;
  int64_t now_s_ = 0;
  std::unique_ptr<ActivityLogInput> input_;
  std::string checkpoint_;
  std::map<std::string, int> collected_;
  std::vector<Status> errors_;
};

TEST_F(LiveInputTest, EveryRecordOfBothShapesOnce) {
  fill(700, Shape::kMixed);
  make();
  collect();
  expect_each_once();
  EXPECT_EQ(server_.log().count(Kind::kToken), 1u);
  EXPECT_EQ(server_.log().count(Kind::kPage, 200), server_.log().count(Kind::kPage));
}

TEST_F(LiveInputTest, PrettyPrintedPagesAndOddRecordsComeOutCompact) {
  server_.change([](fake_aikido::Switches& switches) { switches.pretty = true; });
  fill(120, Shape::kMonad);
  server_.organisation().add(
      {.time_s = now_s_ - kDay, .text = R"({"big":1234567890123456789012345,"huge":1e400})"});
  make();
  collect();
  expect_each_once();
}

TEST_F(LiveInputTest, FaultsInBetweenLoseNothing) {
  fill(400, Shape::kDocumented);
  make();
  server_.faults().push(fault::status(500).on(Kind::kToken));
  server_.faults().push(fault::status(503).on(Kind::kPage).after(1));
  server_.faults().push(fault::cut(10).on(Kind::kPage).after(2));
  server_.faults().push(fault::invalid_json().on(Kind::kPage).after(3));
  server_.faults().push(fault::object_in_place_of_array().on(Kind::kPage).after(4));
  server_.faults().push(fault::status(401).on(Kind::kPage).after(5));
  server_.faults().push(fault::too_many_requests(1).on(Kind::kPage).after(6));
  server_.faults().push(fault::reset().on(Kind::kPage).after(7));
  collect(7);
  expect_each_once();
  // One sweep's bad page alone, whatever is wrong with it, must not stop the pipeline.
  using S = Status;
  EXPECT_THAT(errors_,
              testing::ElementsAre(S::kTransient, S::kTransient, S::kTransient, S::kTransient,
                                   S::kTransient, S::kRateLimited, S::kTransient));
  EXPECT_EQ(server_.log().count(Kind::kToken), 3u) << "a fault, one, and one after the 401";
}

TEST_F(LiveInputTest, ARunAfterTheFirstBringsWhatIsNewAlone) {
  fill(100, Shape::kDocumented);
  make();
  collect();
  server_.organisation().add({.time_s = now_s_ - 3000, .number = 5000, .text = R"({"id":5000})"});
  make();
  collect();
  expect_each_once();
}

TEST_F(LiveInputTest, TokensThatDieEarlyAreRenewed) {
  fill(400, Shape::kDocumented);
  make();
  for (int steps = 0; steps < 3; ++steps) {
    const Result<Batch> batch = input_->next_batch({});
    ASSERT_TRUE(batch) << batch.error().text;
    for (const auto& record : batch->records)
      ++collected_[std::string(connector::view(record.data))];
  }
  server_.credentials().drop_tokens();
  collect();
  expect_each_once();
  EXPECT_EQ(server_.log().count(Kind::kToken), 2u);
}

TEST_F(LiveInputTest, FiltersAreTakenByTheService) {
  fill(200, Shape::kDocumented);
  make(R"("user_type":"user_only","actions":["ignored","closed"],"search":"a","cloud_id":3,)");
  collect();
  EXPECT_EQ(server_.log().count(Kind::kPage, 200), server_.log().count(Kind::kPage));
  EXPECT_LT(collected_.size(), 200u);
}

}  // namespace
}  // namespace aikido
