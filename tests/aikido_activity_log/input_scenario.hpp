#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "plugins/aikido_activity_log/activity_log_input.hpp"
#include "tests/aikido_activity_log/fake_transport.hpp"
#include "tests/aikido_activity_log/host_double.hpp"

namespace aikido {

using connector::Batch;

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
  std::string record(int id) const {
    return R"({"id":)" + std::to_string(id) + R"(,"timestamp":)" + std::to_string(kNoon + 1) + "}";
  }

  HostDouble host_;
  FakeTransport* transport_ = nullptr;
  std::unique_ptr<ActivityLogInput> input_;
  std::string last_checkpoint_;
};

}  // namespace aikido
