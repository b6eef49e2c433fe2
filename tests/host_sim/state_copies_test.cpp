// A state that may be older than its output, because somebody put back a copy, and one that is not.
#include <gtest/gtest.h>

#include "host_sim/state_store.hpp"
#include "tests/host_sim/state_fixture.hpp"
#include "tests/support/files.hpp"

namespace host {
namespace {

using test::some_state;

class StateCopies : public test::StateFixture {
 protected:
  bool may_be_older() {
    const auto store = StateStore::open_to_ask(path_);
    EXPECT_TRUE(store && *store);
    const auto older = (*store)->may_be_older();
    EXPECT_TRUE(older);
    return *older;
  }
  // In the same file.
  void put_back(const std::string& bytes) { test_support::write_file(path_, bytes); }
  // As a host that is killed leaves it: with its log.
  void run(int commits, StateStore::Sync sync) {
    const auto store = opened();
    EXPECT_TRUE(store->begin_run());
    for (int i = 0; i < commits; ++i) EXPECT_TRUE(store->commit({{"a", some_state()}}, {}, sync));
  }

  const std::filesystem::path lock_ = path_.string() + ".lock";
};

TEST_F(StateCopies, ACopyOfAnOlderStateKnowsNothingOfWhatStandsBehindIt) {
  make();
  const auto run_once = [this] {
    const auto store = opened();
    EXPECT_TRUE(store->begin_run());
    EXPECT_EQ((*store->pipeline("a"))->ours_until, kAllIsOurs);
  };
  run_once();
  std::filesystem::copy_file(path_, folder_ / "copy");
  run_once();
  std::filesystem::rename(folder_ / "copy", path_);
  {
    const auto store = opened();
    EXPECT_TRUE(store->begin_run());
    EXPECT_EQ((*store->pipeline("a"))->ours_until, kNobodyKnows);
    EXPECT_TRUE(store->commit({{"a", some_state()}}));
  }
  run_once();
}

// Neither is older than what the lock says: that was put back, too, or is of the same run.
TEST_F(StateCopies, ACopyWithItsLockOrOfARunThatWentOnKnowsNothingEither) {
  const auto put_back = [this](const char* part) {
    std::filesystem::path file = path_, copy = folder_ / "copy";
    file += part;
    copy += part;
    std::filesystem::remove(file);
    std::filesystem::copy_file(copy, file);
  };
  const auto copy = [this](const char* part) {
    std::filesystem::path from = path_, to = folder_ / "copy";
    std::filesystem::copy_file(from += part, to += part);
  };
  make();
  {
    const auto store = opened();
    EXPECT_TRUE(store->begin_run());
    copy("-wal");
    copy("");
    EXPECT_TRUE(store->end_run({}, {{"a", kNothingOfOurs}}, true));
  }
  copy(".lock");
  for (const bool with_lock : {false, true}) {
    if (with_lock) put_back(".lock");
    put_back("-wal");
    put_back("");
    EXPECT_TRUE(opened()->begin_run());
    EXPECT_EQ((*opened()->pipeline("a"))->ours_until, kNobodyKnows) << with_lock;
  }
}

// The same file, the same run, and the lock in its place.
TEST_F(StateCopies, OneOfTheLastRunThatCommittedMoreSince) {
  make();
  {
    const auto store = opened();
    EXPECT_TRUE(store->begin_run());
  }
  const std::string copy = test_support::read_file(path_);
  EXPECT_TRUE(opened()->commit({{"a", some_state()}}));
  EXPECT_FALSE(may_be_older());
  put_back(copy);
  EXPECT_TRUE(may_be_older());
  run(1, StateStore::Sync::kNow);
  EXPECT_FALSE(may_be_older()) << "what it was taken for is told once";
}

TEST_F(StateCopies, WhatAPowerCutTakesBackIsNone) {
  make();
  run(1, StateStore::Sync::kNow);
  const std::string durable = test_support::read_file(path_);
  const std::string lock = test_support::read_file(lock_);
  EXPECT_TRUE(opened()->commit({{"a", some_state()}}, {}, StateStore::Sync::kLater));
  put_back(durable);
  EXPECT_FALSE(may_be_older()) << "the commit was not synced";
  EXPECT_TRUE(opened()->commit({{"a", some_state()}}));
  EXPECT_NE(test_support::read_file(lock_), lock);
  test_support::write_file(lock_, lock);
  EXPECT_FALSE(may_be_older()) << "the lock was not synced";
}

TEST_F(StateCopies, OfOneWhoseLockIsGoneNobodyKnows) {
  make();
  run(2, StateStore::Sync::kNow);
  std::filesystem::remove(lock_);
  run(2, StateStore::Sync::kNow);
  EXPECT_FALSE(may_be_older()) << "but from the next run on";
}

}  // namespace
}  // namespace host
