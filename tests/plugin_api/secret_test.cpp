// A secret on loan is given back on every path, before the call in which it was taken returns.
#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/plugin_api/border_double.hpp"

namespace connector {
namespace {

class SecretLoan : public testing::Test {
 protected:
  int32_t step(std::function<Result<Batch>(Host)> body) {
    script.next_batch = std::move(body);
    border_.ready();
    return border_.next_batch();
  }

  ScriptReset reset_;
  Border border_;
};

TEST_F(SecretLoan, EndsWithTheScope) {
  EXPECT_EQ(step([this](Host host) -> Result<Batch> {
              const Result<Secret> secret = host.secret("known");
              EXPECT_TRUE(secret);
              EXPECT_EQ(secret->value(), "the value");
              EXPECT_EQ(secret->generation(), 7u);
              EXPECT_EQ(border_.host.loans, 1);
              return Error{Status::kProtocol, "no"};
            }),
            CONNECTOR_ERROR_PROTOCOL);
  EXPECT_EQ(border_.host.loans, 0);
  EXPECT_EQ(border_.host.lent, 1);
}

TEST_F(SecretLoan, EndsWithAnException) {
  EXPECT_EQ(step([](Host host) -> Result<Batch> {
              const Result<Secret> secret = host.secret("known");
              throw std::runtime_error("no");
            }),
            CONNECTOR_ERROR_INTERNAL);
  EXPECT_EQ(border_.host.loans, 0);
  EXPECT_EQ(border_.host.lent, 1);
}

TEST_F(SecretLoan, EndsOnceHoweverOftenItMoves) {
  EXPECT_EQ(step([this](Host host) -> Result<Batch> {
              Secret first = *host.secret("known");
              Secret second = std::move(first);
              const Result<Secret> third = std::move(second);
              EXPECT_EQ(third->value(), "the value");
              EXPECT_EQ(border_.host.loans, 1);
              return Batch{};
            }),
            CONNECTOR_OK);
  EXPECT_EQ(border_.host.loans, 0);
}

TEST_F(SecretLoan, ThatIsNotToBeHadIsAnAuthErrorWithItsName) {
  EXPECT_EQ(step([](Host host) -> Result<Batch> {
              Result<Secret> secret = host.secret("unknown");
              if (!secret) return std::move(secret).error();
              return Batch{};
            }),
            CONNECTOR_ERROR_AUTH);
  EXPECT_NE(border_.error.text().find("unknown"), std::string::npos);
  EXPECT_EQ(border_.host.loans, 0);
}

}  // namespace
}  // namespace connector
