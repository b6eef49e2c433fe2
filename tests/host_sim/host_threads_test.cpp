// The host on real threads and in real time, each test bounded.
#include "tests/host_sim/host_threads.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>

namespace host::test {
namespace {

using test_support::read_lines;

constexpr std::chrono::seconds kBounded(120);

TEST_F(HostThreads, ManyPipelinesAreCaughtUpTogether) {
  std::vector<std::unique_ptr<CountingScript>> scripts;
  for (int i = 0; i < 40; ++i) {
    scripts.push_back(std::make_unique<CountingScript>(100 + i, 7));
    rig_.add("p" + std::to_string(i), *scripts.back());
  }
  std::future<int> run = std::async(std::launch::async, [&] { return rig_.run(options(true)); });
  ASSERT_EQ(run.wait_for(kBounded), std::future_status::ready);
  EXPECT_EQ(run.get(), 0) << rig_.log.text();
  for (int i = 0; i < 40; ++i)
    EXPECT_EQ(read_lines(rig_.output("p" + std::to_string(i))), counted(100 + i));
}

// Ends the host at its first step.
class EndingScript final : public Script {
 public:
  Result<Batch> next(const connector::Host&, int64_t&) override {
    if (host) host->stop();
    return counting_batch(0, 0, {kMinute, CONNECTOR_WAIT_IDLE});
  }
  Host* host = nullptr;
};

// Or thousands would be connected at once. However slow the machine is, none begins too early.
TEST_F(HostThreads, PipelinesBeginFourMillisecondsApart) {
  EndingScript others, last;
  for (int i = 0; i < 100; ++i) rig_.add("p" + std::to_string(i), others);
  rig_.add("last", last);
  const auto host = rig_.host(options(false));
  last.host = host.get();
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(host->run(), 0);
  EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(100 * 4));
}

TEST_F(HostThreads, TwoHundredThatHangDelayNoOtherAndStopAtOnce) {
  std::vector<std::unique_ptr<HangingScript>> scripts;
  for (int i = 0; i < 200; ++i) {
    scripts.push_back(std::make_unique<HangingScript>());
    rig_.add("hangs" + std::to_string(i), *scripts.back());
  }
  CountingScript lively(1000, 10);
  rig_.add("lively", lively);
  const auto host = rig_.host(options(false));
  std::future<int> run = std::async(std::launch::async, [&] { return host->run(); });
  const auto deadline = std::chrono::steady_clock::now() + kBounded;
  const auto reached = [&] {
    const auto statuses = host->snapshot();
    return !statuses.empty() && statuses.back().committed == 1000;
  };
  while (!reached() && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  EXPECT_TRUE(reached());
  host->stop();
  ASSERT_EQ(run.wait_for(kBounded), std::future_status::ready);
  EXPECT_EQ(run.get(), 0);
  EXPECT_FALSE(host->abandoned());
  EXPECT_EQ(read_lines(rig_.output("lively")), counted(1000));
}

// Two of three batches have no checkpoint, so that their records wait for the third.
class SparseCheckpoints final : public CountingScript {
 public:
  using CountingScript::CountingScript;
  Result<Batch> next(const connector::Host& host, int64_t& position) override {
    Result<Batch> batch = CountingScript::next(host, position);
    if (batch && !batch->records.empty() && ++given_ % 3 != 0) batch->checkpoint.clear();
    return batch;
  }

 private:
  int given_ = 0;
};

// How far a run comes depends on the machine: there are far more records than the runs take.
template <class Plugin>
class HostStops : public HostThreads {};
using EveryScript = testing::Types<CountingScript, SparseCheckpoints>;
TYPED_TEST_SUITE(HostStops, EveryScript);

TYPED_TEST(HostStops, AtAnyMomentLoseAndRepeatNothing) {
  constexpr int64_t kTotal = 600'000;
  TypeParam script(kTotal, 30);
  this->rig_.add("a", script);
  for (int run_number = 1; run_number <= 40; ++run_number) {
    const auto host = this->rig_.host(this->options(false));
    const int64_t enough = script.calls() + 1 + run_number;
    std::future<int> run = std::async(std::launch::async, [&] { return host->run(); });
    const auto all_committed = [&] {
      const auto statuses = host->snapshot();
      return !statuses.empty() && statuses.front().committed == kTotal;
    };
    while (script.calls() < enough && !all_committed()) std::this_thread::yield();
    host->stop();
    EXPECT_EQ(run.get(), 0);
  }
  const std::vector<std::string> lines = read_lines(this->rig_.output("a"));
  EXPECT_GE(lines.size(), 6'000U);
  EXPECT_EQ(lines, counted(static_cast<int64_t>(lines.size())));
}

// Does not even return when it is cancelled, until the test lets it.
class DeafScript final : public Script {
 public:
  Result<Batch> next(const connector::Host&, int64_t&) override {
    inside.set_value();
    let_go.get_future().wait();
    return Error{Status::kCancelled, "cancelled"};
  }
  std::promise<void> inside;
  std::promise<void> let_go;
};

TEST_F(HostThreads, APluginThatDoesNotStopIsNamedAndLeftBehind) {
  DeafScript deaf;
  rig_.add("deaf", deaf);
  HostOptions impatient = options(false);
  impatient.stop_grace_ns = kSecond / 100;
  const auto host = rig_.host(std::move(impatient));
  std::future<int> run = std::async(std::launch::async, [&] { return host->run(); });
  deaf.inside.get_future().wait();
  host->stop();
  ASSERT_EQ(run.wait_for(kBounded), std::future_status::ready);
  EXPECT_EQ(run.get(), 1);
  EXPECT_TRUE(host->abandoned());
  EXPECT_EQ(rig_.log.count("error deaf: does not stop: connector_next_batch of the plugin scripted "
                           "has not returned"),
            1)
      << rig_.log.text();
  deaf.let_go.set_value();
  while (host->abandoned()) std::this_thread::yield();
}

// It is the host that waits for another one's end: a line of the log for all of its pipelines.
TEST_F(HostThreads, AStateThatIsInUseIsToldOfOnceAndIsTheReasonOfEachPipeline) {
  CountingScript script(30, 10);
  for (const char* name : {"a", "b", "c"}) rig_.add(name, script);
  auto other = StateStore::open(rig_.state());
  ASSERT_TRUE(other) << other.error().text;
  const auto host = rig_.host(options(false));
  std::future<int> run = std::async(std::launch::async, [&] { return host->run(); });
  const auto deadline = std::chrono::steady_clock::now() + kBounded;
  while (host->snapshot().empty() && std::chrono::steady_clock::now() < deadline)
    std::this_thread::yield();
  EXPECT_EQ(host->snapshot().size(), 3u);
  for (const PipelineStatus& status : host->snapshot()) {
    EXPECT_EQ(status.health, PipelineHealth::kErroring);
    EXPECT_THAT(status.reason,
                testing::MatchesRegex("stands by until the state can be had: .*: is in use by "
                                      "another host \\(process [0-9]+\\); stop that one first.*"));
  }
  EXPECT_EQ(rig_.log.count("is in use by another host"), 1) << rig_.log.text();
  EXPECT_EQ(rig_.log.count("trying again in"), 0) << rig_.log.text();
  other = std::unique_ptr<StateStore>();
  while (read_lines(rig_.output("c")).size() < 30 && std::chrono::steady_clock::now() < deadline)
    std::this_thread::yield();
  EXPECT_EQ(rig_.log.count("begins: over after "), 1) << rig_.log.text();
  host->stop();
  ASSERT_EQ(run.wait_for(kBounded), std::future_status::ready);
  EXPECT_EQ(run.get(), 0);
}

class HangingConfigure final : public Script {
 public:
  Result<void> configure(std::string_view, int64_t) override {
    let_go.get_future().wait();
    return Error{Status::kCancelled, "cancelled"};
  }
  Result<Batch> next(const connector::Host&, int64_t&) override { return Batch{}; }
  std::promise<void> let_go;
};

// Long before it is told of in the log, whoever looks sees what the pipeline is at.
TEST_F(HostThreads, AFirstCallThatHangsIsTheReasonOfInitializing) {
  HangingConfigure hanging;
  rig_.add("hanging", hanging);
  const auto host = rig_.host(options(false));
  std::future<int> run = std::async(std::launch::async, [&] { return host->run(); });
  const auto deadline = std::chrono::steady_clock::now() + kBounded;
  const auto reason = [&host] {
    const auto statuses = host->snapshot();
    return statuses.empty() ? std::string() : statuses.front().reason;
  };
  while (reason().empty() && std::chrono::steady_clock::now() < deadline)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_EQ(host->snapshot().front().health, PipelineHealth::kInitializing);
  EXPECT_THAT(reason(), testing::MatchesRegex("connector_configure of the plugin scripted has not "
                                              "returned yet, [0-9]+ s after the start"));
  hanging.let_go.set_value();
  host->stop();
  ASSERT_EQ(run.wait_for(kBounded), std::future_status::ready);
}

// While the host goes on: others are not delayed, and an operator sees which one hangs, and where.
TEST_F(HostThreads, ACallThatDoesNotReturnIsToldOf) {
  HangingConfigure hanging;
  CountingScript lively(30, 10);
  rig_.add("hanging", hanging);
  rig_.add("lively", lively);
  HostOptions curious = options(false);
  curious.hang_patience_ns = kSecond / 10;
  const auto host = rig_.host(std::move(curious));
  std::future<int> run = std::async(std::launch::async, [&] { return host->run(); });
  const auto deadline = std::chrono::steady_clock::now() + kBounded;
  while (rig_.log.count("warning hanging: erroring: connector_configure of the plugin scripted has "
                        "not returned for 0 s; only a restart of the host ends it") == 0 &&
         std::chrono::steady_clock::now() < deadline)
    std::this_thread::yield();
  EXPECT_EQ(rig_.log.count("erroring: connector_configure"), 1) << rig_.log.text();
  EXPECT_EQ(host->snapshot().at(0).health, PipelineHealth::kErroring);
  while (read_lines(rig_.output("lively")).size() < 30 &&
         std::chrono::steady_clock::now() < deadline)
    std::this_thread::yield();
  EXPECT_EQ(read_lines(rig_.output("lively")), counted(30));
  hanging.let_go.set_value();
  host->stop();
  ASSERT_EQ(run.wait_for(kBounded), std::future_status::ready);
  EXPECT_EQ(run.get(), 0);
}

// In all of its steps until the test lets it go, and idle then.
class BusyScript final : public Script {
 public:
  explicit BusyScript(std::shared_future<void> let_go) : let_go_(std::move(let_go)) {}
  Result<Batch> next(const connector::Host&, int64_t&) override {
    let_go_.wait();
    return counting_batch(0, 0, {kMinute, CONNECTOR_WAIT_IDLE});
  }

 private:
  const std::shared_future<void> let_go_;
};

// Green is only who gets its turns.
TEST_F(HostThreads, APipelineThatGetsNoWorkerIsErroringUntilItGetsOne) {
  std::promise<void> let_go;
  BusyScript busy(let_go.get_future().share());
  for (const char* name : {"busy1", "busy2", "busy3", "busy4"}) rig_.add(name, busy);
  CountingScript lively(1'000'000, 1);  // always due, whatever it has delivered before
  rig_.add("lively", lively);
  HostOptions few = options(false);
  few.max_workers = 4;
  few.hang_patience_ns = kSecond / 10;
  const auto host = rig_.host(std::move(few));
  std::future<int> run = std::async(std::launch::async, [&] { return host->run(); });
  const auto becomes = [&](PipelineHealth health) {
    const auto deadline = std::chrono::steady_clock::now() + kBounded;
    while (std::chrono::steady_clock::now() < deadline) {
      const auto statuses = host->snapshot();
      if (!statuses.empty() && statuses.back().health == health) return true;
      std::this_thread::yield();
    }
    return false;
  };
  EXPECT_TRUE(becomes(PipelineHealth::kErroring)) << rig_.log.text();
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  EXPECT_EQ(rig_.log.count("warning lively: erroring: has been due for 0 s: all 4 workers are "
                           "inside plugins"),
            1)
      << rig_.log.text();
  let_go.set_value();
  EXPECT_TRUE(becomes(PipelineHealth::kRunning)) << rig_.log.text();
  host->stop();
  ASSERT_EQ(run.wait_for(kBounded), std::future_status::ready);
  EXPECT_EQ(run.get(), 0);
}

}  // namespace
}  // namespace host::test
