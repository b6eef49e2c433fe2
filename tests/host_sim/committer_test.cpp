// First durable, then committed; and after a failure nothing of the same chain.
#include "host_sim/committer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <future>

#include "tests/support/files.hpp"

namespace host {
namespace {

// An output whose syncs can be made to fail, or to wait.
class TestOutput final : public Output {
 public:
  Result<void> write(std::string_view) override { return {}; }
  Result<void> sync() override {
    ++syncs;
    on_sync();
    if (fails) return Error{Status::kTransient, "the disk is full"};
    return {};
  }
  bool replaced() const override { return false; }
  bool overtaken() const override { return false; }
  OutputPosition position() const override { return {}; }

  std::atomic<int> syncs = 0;
  std::atomic<bool> fails = false;
  std::function<void()> on_sync = [] {};
};

// The first sync lasts until `go_on`.
struct HeldSync {
  explicit HeldSync(TestOutput& output) {
    output.on_sync = [this, once = true]() mutable {
      if (!std::exchange(once, false)) return;
      begun.set_value();
      go_on.get_future().wait();
    };
  }
  std::promise<void> begun, go_on;
};

class CommitterTest : public testing::Test {
 protected:
  Commit commit(const std::string& pipeline, int64_t records,
                std::shared_ptr<CommitChain> chain = std::make_shared<CommitChain>()) {
    return {.pipeline = pipeline,
            .state = {.plugin = "p", .records = records},
            .output = output_,
            .chain = std::move(chain),
            .done = [this, pipeline, records](const Result<void>& result) {
              const std::lock_guard lock(mutex_);
              done_.push_back(pipeline + std::to_string(records) + (result ? " ok" : " failed"));
            }};
  }
  int64_t committed(const std::string& pipeline) {
    const auto state = *state_->pipeline(pipeline);
    return state ? state->records : 0;
  }

  test_support::TemporaryFolder folder_;
  SystemClock clock_;
  std::unique_ptr<StateStore> state_ = *StateStore::open(folder_ / "host.db");
  std::shared_ptr<TestOutput> output_ = std::make_shared<TestOutput>();
  std::mutex mutex_;
  std::vector<std::string> done_;
};

TEST_F(CommitterTest, TheOutputIsDurableBeforeTheStateSaysSo) {
  output_->on_sync = [this] { EXPECT_EQ(committed("a"), 0); };
  Committer committer(*state_, clock_, {}, false);
  committer.submit(commit("a", 5));
  EXPECT_EQ(output_->syncs, 1);
  EXPECT_EQ(committed("a"), 5);
  EXPECT_EQ(done_, std::vector<std::string>{"a5 ok"});
}

TEST_F(CommitterTest, WhatArrivesMeanwhileIsOneGroup) {
  HeldSync held(*output_);
  Committer committer(*state_, clock_, {}, true);
  committer.submit(commit("a", 1));
  held.begun.get_future().wait();
  for (int64_t n = 2; n <= 10; ++n) committer.submit(commit("a", n));
  committer.submit(commit("b", 1));
  held.go_on.set_value();
  committer.drain();
  EXPECT_EQ(output_->syncs, 2) << "one for the first, one for all that came after it";
  EXPECT_EQ(committed("a"), 10);
  EXPECT_EQ(committed("b"), 1);
  EXPECT_EQ(done_.size(), 11u);
}

// Thousands of idle pipelines would else keep the disk busy with what is only found out again.
TEST_F(CommitterTest, WhatIsNotUrgentDoesNotWaitForTheDiskUnlessSomethingElseDoes) {
  Committer committer(*state_, clock_, {}, false);
  Commit idle = commit("a", 0);
  idle.output = nullptr;
  idle.urgent = false;
  committer.submit(std::move(idle));
  EXPECT_EQ(committer.counts().groups, 1);
  EXPECT_EQ(committer.counts().synced_groups, 0);
  committer.submit(commit("b", 1));
  EXPECT_EQ(committer.counts().groups, 2);
  EXPECT_EQ(committer.counts().synced_groups, 1);
  EXPECT_EQ(committer.counts().output_syncs, 1);
  EXPECT_EQ(done_, (std::vector<std::string>{"a0 ok", "b1 ok"}));
}

TEST_F(CommitterTest, WhatWasWrittenIsSyncedAlsoWhereAnIdleCommitFollowsInTheSameGroup) {
  const auto chain = std::make_shared<CommitChain>();
  HeldSync held(*output_);
  Committer committer(*state_, clock_, {}, true);
  committer.submit(commit("a", 1, chain));
  held.begun.get_future().wait();
  committer.submit(commit("a", 2, chain));
  Commit idle = commit("a", 3, chain);
  idle.output = nullptr;
  idle.urgent = false;
  committer.submit(std::move(idle));
  held.go_on.set_value();
  committer.drain();
  EXPECT_EQ(output_->syncs, 2);
  EXPECT_EQ(committer.counts().synced_groups, 2);
  EXPECT_EQ(committed("a"), 3);
}

TEST_F(CommitterTest, OfOneChainTheLastThatWaitsSpeaksForAllAndGroupsKeepTheirDistance) {
  const auto chain = std::make_shared<CommitChain>();
  Committer committer(*state_, clock_, {}, true);
  const int64_t begin_ns = clock_.monotonic_ns();
  for (int64_t n = 1; n <= 5000; ++n) committer.submit(commit("a", n, chain));
  committer.drain();
  const int64_t took_ms = (clock_.monotonic_ns() - begin_ns) / 1'000'000;
  EXPECT_LE(output_->syncs, took_ms / 20 + 2);
  EXPECT_EQ(committed("a"), 5000);
  ASSERT_EQ(done_.size(), 5000u);
  EXPECT_EQ(done_.front(), "a1 ok");
  EXPECT_EQ(done_.back(), "a5000 ok");
}

TEST_F(CommitterTest, AfterAFailureNothingOfTheChainIsCommitted) {
  const auto chain = std::make_shared<CommitChain>();
  Committer committer(*state_, clock_, {}, false);
  output_->fails = true;
  committer.submit(commit("a", 1, chain));
  output_->fails = false;
  committer.submit(commit("a", 2, chain));
  EXPECT_EQ(committed("a"), 0);
  committer.submit(commit("a", 3));
  EXPECT_EQ(committed("a"), 3);
  EXPECT_EQ(done_, (std::vector<std::string>{"a1 failed", "a2 failed", "a3 ok"}));
}

TEST_F(CommitterTest, AnErrorIsNotedWithoutACommitAndWithTheGroup) {
  Committer committer(*state_, clock_, {}, true);
  committer.note_error("a", {1, "alone"});
  committer.drain();
  EXPECT_EQ(state_->reports()->at("a").error, (LastError{1, "alone"}));
  committer.submit(commit("b", 1));
  committer.note_error("a", {2, "with others"});
  committer.note_error("b", {3, "with others"});
  committer.drain();
  EXPECT_EQ(state_->reports()->at("a").error, (LastError{2, "with others"}));
  EXPECT_EQ(state_->reports()->at("b").error, (LastError{3, "with others"}));
  EXPECT_EQ(committed("b"), 1);
}

// What a full disk did not let in comes with the first group that gets through, unless it is old.
TEST_F(CommitterTest, AnErrorThatCouldNotBeNotedWaits) {
  Committer committer(*state_, clock_, {}, false);
  const auto before = std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit{};
  ::getrlimit(RLIMIT_FSIZE, &limit);
  const rlimit tight{0, limit.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &tight);
  committer.note_error("a", {1, "old"});
  committer.note_error("b", {1, "the disk is full"});
  committer.note_error("a", {2, "new"});
  committer.submit(commit("c", 1));
  ::setrlimit(RLIMIT_FSIZE, &limit);
  std::signal(SIGXFSZ, before);
  EXPECT_TRUE(state_->reports()->empty());
  committer.submit(commit("d", 1));
  EXPECT_EQ(state_->reports()->at("a").error, (LastError{2, "new"}));
  EXPECT_EQ(state_->reports()->at("b").error, (LastError{1, "the disk is full"}));
}

TEST_F(CommitterTest, WhatIsToldIsCommittedWithThePosition) {
  Committer committer(*state_, clock_, {}, false);
  Commit told = commit("a", 1);
  told.gauges = [] { return R"([["remembered_ids","",7]])"; };
  committer.submit(std::move(told));
  EXPECT_EQ(state_->reports()->at("a").gauges.at(0).value, 7);
  output_->fails = true;
  told = commit("a", 2);
  told.gauges = [] { return R"([["remembered_ids","",8]])"; };
  committer.submit(std::move(told));
  EXPECT_EQ(state_->reports()->at("a").gauges.at(0).value, 7) << "nor is it without it";
}

TEST_F(CommitterTest, OneOutputThatFailsDoesNotKeepTheOthersBack) {
  HeldSync held(*output_);
  Committer committer(*state_, clock_, {}, true);
  committer.submit(commit("first", 1));
  held.begun.get_future().wait();
  Commit bad = commit("bad", 1);
  const auto failing = std::make_shared<TestOutput>();
  failing->fails = true;
  bad.output = failing;
  committer.submit(std::move(bad));
  committer.submit(commit("good", 1));
  held.go_on.set_value();
  committer.drain();
  EXPECT_EQ(committed("bad"), 0);
  EXPECT_EQ(committed("good"), 1);
}

}  // namespace
}  // namespace host
