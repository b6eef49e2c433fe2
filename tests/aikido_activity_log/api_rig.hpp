// The client of the API over a transport that answers as a test says.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "plugins/aikido_activity_log/api.hpp"
#include "tests/aikido_activity_log/fake_transport.hpp"
#include "tests/aikido_activity_log/host_double.hpp"

namespace aikido {

class ApiTest : public testing::Test {
 protected:
  void use(const std::string& settings) {
    settings_ = *read_settings(settings, false);
    api_ = std::make_unique<Api>(host_.host(), settings_, transport_);
  }
  void SetUp() override { use(R"({"client_id":"AIK_CLIENT_test"})"); }

  void take_token() {
    transport_.push_token();
    ASSERT_TRUE(api_->fetch_token(INT64_MAX));
  }
  Error token_error(HttpAnswer answer) {
    transport_.push(std::move(answer));
    const Result<void> taken = api_->fetch_token(INT64_MAX);
    EXPECT_FALSE(taken);
    return taken ? Error{} : taken.error();
  }
  Error page_error(HttpAnswer answer, const PageRequest& asked = {}) {
    transport_.push(std::move(answer));
    const Result<Page> page = api_->fetch_page(asked, INT64_MAX);
    EXPECT_FALSE(page);
    return page ? Error{} : page.error();
  }
  static HttpAnswer answer(int status, std::string body = {}) {
    return FakeTransport::answer(status, std::move(body));
  }

  HostDouble host_;
  FakeTransport transport_;
  Settings settings_;
  std::unique_ptr<Api> api_;
};

}  // namespace aikido
