// A state's file in a folder of its own.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <utility>

#include "tests/host_sim/some_state.hpp"
#include "tests/support/files.hpp"

namespace host::test {

class StateFixture : public testing::Test {
 protected:
  explicit StateFixture(const char* name = "host.db") : path_(folder_ / name) {}

  std::unique_ptr<StateStore> opened() {
    Result<std::unique_ptr<StateStore>> store = StateStore::open(path_);
    EXPECT_TRUE(store) << store.error().text;
    return *std::move(store);
  }
  // One that closes again, with one row in it.
  void make() { EXPECT_TRUE(opened()->commit({{"a", some_state()}})); }

  test_support::TemporaryFolder folder_;
  const std::filesystem::path path_;
};

}  // namespace host::test
