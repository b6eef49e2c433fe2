// What a run does about each failure, seen from outside: output, exit code, log, health.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <set>

#include "host_sim/state_store.hpp"
#include "tests/host_sim/host_rig.hpp"

namespace host::test {
namespace {

using test_support::read_lines;
using test_support::write_file;
using testing::HasSubstr;

class PipelineTest : public testing::Test {
 protected:
  PipelineTest() { rig_.add("a", script_); }

  int64_t elapsed(const std::function<void()>& what) {
    const int64_t start = rig_.clock.monotonic_ns();
    what();
    return rig_.clock.monotonic_ns() - start;
  }

  HostRig rig_;
  CountingScript script_{12, 5};
};

TEST_F(PipelineTest, ARunThatEndsDoesSoWhenAllIsCommitted) {
  EXPECT_EQ(elapsed([&] { EXPECT_EQ(rig_.run_once(), 0); }), 0) << "nothing is waited for";
  EXPECT_EQ(read_lines(rig_.output("a")), counted(12));
  const auto state = *(*StateStore::open_to_look(rig_.state()))->pipeline("a");
  EXPECT_EQ(state->checkpoint, "12");
  EXPECT_EQ(state->records, 12);
  EXPECT_EQ(rig_.log.count("info a: caught up: 12 records in all"), 1) << rig_.log.text();
}

TEST_F(PipelineTest, ARunningHostPollsAndStopsWithAllCommitted) {
  rig_.clock.after(kMinute + kSecond, [this] { script_.grow(3); });
  EXPECT_EQ(rig_.run_for(10 * kMinute + kSecond), 0);
  EXPECT_EQ(read_lines(rig_.output("a")), counted(15));
  EXPECT_EQ(script_.calls(), 3 + 1 + 10 + 1) << "three batches, a poll a minute, one that brought";
}

TEST_F(PipelineTest, AllWaitsAreJitteredButTheRestOfOneBeforeARestart) {
  HostOptions options = rig_.options(false);
  options.with_jitter = [](int64_t wait_ns) { return 2 * wait_ns; };
  for (int run_number = 1; run_number <= 2; ++run_number) {
    const int64_t before = script_.calls();
    const std::unique_ptr<Host> host = rig_.host(options);
    rig_.clock.after(kMinute + kSecond,
                     [&] { EXPECT_EQ(script_.calls() - before, run_number == 1 ? 3 + 1 : 1 + 1); });
    rig_.clock.after(4 * kMinute - kSecond, [&host] { host->stop(); });
    EXPECT_EQ(host->run(), 0);
    EXPECT_EQ(script_.calls() - before, run_number == 1 ? 3 + 1 + 1 : 1 + 1 + 1);
  }
}

TEST_F(PipelineTest, TransientFailuresAreRetriedByTheSameInstance) {
  for (int i = 0; i < 4; ++i)
    script_.fail_next({Status::kTransient, "away", {10 * kSecond, CONNECTOR_WAIT_BACKOFF}});
  EXPECT_EQ(elapsed([&] { EXPECT_EQ(rig_.run_once(), 0); }), 40 * kSecond);
  EXPECT_EQ(read_lines(rig_.output("a")), counted(12));
  EXPECT_EQ(script_.configured(), 1);
  EXPECT_EQ(rig_.log.count("warning a: erroring: away; trying again in 10 s"), 1);
}

TEST_F(PipelineTest, TheFifthInARowEndsTheRun) {
  for (int i = 0; i < 5; ++i) script_.fail_next({Status::kTransient, "away"});
  EXPECT_EQ(rig_.run_once(), 1);
  EXPECT_EQ(script_.calls(), 5);
  EXPECT_EQ(rig_.log.count("error a: stopped: away"), 1) << rig_.log.text();
}

TEST_F(PipelineTest, RateLimitsAreWaitedOut) {
  for (int i = 0; i < 20; ++i)
    script_.fail_next({Status::kRateLimited, "slower", {kMinute, CONNECTOR_WAIT_RATE_LIMIT}});
  EXPECT_EQ(elapsed([&] { EXPECT_EQ(rig_.run_once(), 0); }), 20 * kMinute);
  EXPECT_EQ(rig_.log.count("warning a: throttled: slower; trying again in 60 s"), 2);
  EXPECT_EQ(rig_.log.count("(10 times in the last 10 min)"), 1) << rig_.log.text();
}

TEST_F(PipelineTest, AFaultOfThePluginGetsANewInstanceFromTheLastCommit) {
  script_.fail_next({Status::kInternal, "a bug"});
  EXPECT_EQ(rig_.run_once(), 0);
  EXPECT_EQ(script_.configured(), 2);
  EXPECT_EQ(read_lines(rig_.output("a")), counted(12));
}

TEST_F(PipelineTest, AWrongSecretEndsARunAtOnceAndWasTriedOnce) {
  script_.fail_next({Status::kAuth, "the secret is wrong"});
  EXPECT_EQ(elapsed([&] { EXPECT_EQ(rig_.run_once(), 1); }), 0);
  EXPECT_EQ(script_.calls(), 1);
  EXPECT_EQ(rig_.log.count("error a: stopped: the secret is wrong"), 1);
}

TEST_F(PipelineTest, OneBadHourAtNightDoesNotEndCollection) {
  script_.fail_next({Status::kConfig, "no such thing"});
  EXPECT_EQ(rig_.run_for(14 * kMinute), 0);
  EXPECT_EQ(script_.calls(), 1);
  EXPECT_EQ(rig_.log.count("no such thing; nothing is collected until that is "
                           "mended; it is tried again every 15 min, and at once when the host is "
                           "restarted"),
            1)
      << rig_.log.text();
  script_.fail_next({Status::kCheckpoint, "no such position"});
  EXPECT_EQ(rig_.run_for(16 * kMinute), 0);
  EXPECT_EQ(read_lines(rig_.output("a")), counted(12)) << "probed after a quarter of an hour";
  EXPECT_EQ(rig_.log.count("info a: running"), 1) << rig_.log.text();
}

TEST_F(PipelineTest, FiveSenselessAnswersStopIt) {
  for (int i = 0; i < 6; ++i) script_.fail_next({Status::kProtocol, "an object for an array"});
  EXPECT_EQ(rig_.run_for(14 * kMinute), 0);
  EXPECT_EQ(script_.calls(), 5);
  EXPECT_EQ(rig_.log.count("error a: stopped: an object for an array"), 1);
}

// A commit fails while `fails` says so, as on a full disk.
class FailingCommits {
 public:
  explicit FailingCommits(std::function<bool()> fails) : fails_(std::move(fails)) {
    ::getrlimit(RLIMIT_FSIZE, &limit_);
  }
  ~FailingCommits() {
    set(limit_.rlim_cur);
    std::signal(SIGXFSZ, before_);
  }
  FailingCommits(const FailingCommits&) = delete;
  FailingCommits& operator=(const FailingCommits&) = delete;

  CrashPoints points() {
    return CrashPoints([this](std::string_view where) {
      if (where == "before_commit" && fails_()) set(0);
      if (where == "after_commit") set(limit_.rlim_cur);
    });
  }

 private:
  void set(rlim_t size) const {
    const rlimit limit{size, limit_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }

  const std::function<bool()> fails_;
  rlimit limit_{};
  void (*before_)(int) = std::signal(SIGXFSZ, SIG_IGN);
};

// The plugin goes on well all the while, and is not asked again and again for what cannot be kept.
TEST_F(PipelineTest, AStateThatCannotBeWrittenEndsARunThatIsToEnd) {
  int commits = 0;
  FailingCommits failing([&] { return ++commits > 2; });
  HostOptions options = rig_.options(true);
  options.crash_points = failing.points();
  EXPECT_EQ(elapsed([&] { EXPECT_EQ(rig_.run(std::move(options)), 1); }), 15 * kSecond);
  EXPECT_EQ(script_.configured(), 5);
  EXPECT_EQ(rig_.log.count("error a: stopped: "), 1) << rig_.log.text();
  EXPECT_EQ(rig_.log.count("disk I/O error (File too large)"), 2) << "at once, and at the stop";
  EXPECT_EQ(rig_.run_once(), 0);
  EXPECT_EQ(read_lines(rig_.output("a")), counted(12));
}

TEST_F(PipelineTest, AStateThatCannotBeWrittenIsWaitedOutAndShownUntilACommit) {
  const int64_t mended_ns = rig_.clock.monotonic_ns() + kMinute;
  FailingCommits failing([&] { return rig_.clock.monotonic_ns() < mended_ns; });
  HostOptions options = rig_.options(false);
  options.crash_points = failing.points();
  const auto host = rig_.host(std::move(options));
  std::vector<PipelineStatus> during;
  rig_.clock.after(50 * kSecond, [&] { during = host->snapshot(); });
  rig_.clock.after(5 * kMinute, [&] { host->stop(); });
  EXPECT_EQ(host->run(), 0);
  ASSERT_EQ(during.size(), 1u);
  EXPECT_EQ(during[0].health, PipelineHealth::kErroring);
  EXPECT_THAT(during[0].reason, HasSubstr("File too large"));
  EXPECT_EQ(during[0].watermark_ns, CONNECTOR_TIME_UNKNOWN) << "nothing is kept so far";
  EXPECT_EQ(rig_.log.count("info a: running"), 1) << rig_.log.text();
  EXPECT_EQ(script_.configured(), 7) << "after 1, 2, 4, 8, 16 and 32 seconds";
  EXPECT_EQ(host->snapshot()[0].health, PipelineHealth::kRunning);
  EXPECT_EQ(host->snapshot()[0].watermark_ns, 12 * kSecond);
  EXPECT_EQ(read_lines(rig_.output("a")), counted(12));
}

// Needs a secret before each batch, and knows the right one.
class SecretScript final : public Script {
 public:
  Result<Batch> next(const connector::Host& host, int64_t& position) override {
    ++calls;
    auto secret = host.secret("key");
    if (!secret || secret->value() != "right") return Error{Status::kAuth, "refused; check it"};
    Batch idle;
    idle.wait = {kMinute, CONNECTOR_WAIT_IDLE};
    return position++ == 0 ? counting_batch(0, 1) : idle;
  }
  int calls = 0;
};

class SecretTest : public testing::Test {
 protected:
  SecretTest() {
    put("wrong");
    rig_.add("a", script_).secrets["key"] = {
        .kind = SecretReference::Kind::kFile, .location = file_, .place = {7}, .key_path = "k"};
  }
  void put(std::string_view secret) {
    std::filesystem::remove(file_);
    write_file(file_, secret);
    std::filesystem::permissions(file_, std::filesystem::perms(0600));
  }

  HostRig rig_;
  SecretScript script_;
  const std::string file_ = rig_.folder / "secret";
};

TEST_F(SecretTest, ANewSecretIsTriedWithinSeconds) {
  rig_.clock.after(3 * kMinute, [this] { put("right"); });
  EXPECT_EQ(rig_.run_for(3 * kMinute + 6 * kSecond), 0);
  EXPECT_EQ(read_lines(rig_.output("a")), counted(1)) << rig_.log.text();
  EXPECT_EQ(script_.calls, 3) << "the wrong one once, then the record and the end";
}

TEST_F(SecretTest, AMissingOneIsAMistakeInTheManifest) {
  std::filesystem::remove(file_);
  EXPECT_EQ(rig_.run_once(), 2);
  EXPECT_EQ(rig_.log.count("manifest.yaml:7: k: "), 1) << rig_.log.text();
  EXPECT_EQ(script_.calls, 0);
  EXPECT_FALSE(std::filesystem::exists(rig_.state()));
}

// Its settings are wrong, as the plugin says.
class RefusingScript final : public Script {
 public:
  Result<void> configure(std::string_view, int64_t) override {
    return Error{Status::kConfig, "/a: is too old\n/b: is too new"};
  }
  Result<Batch> next(const connector::Host&, int64_t&) override {
    ADD_FAILURE() << "was asked for records";
    return Batch{};
  }
};

TEST_F(PipelineTest, EveryWrongSettingIsToldBeforeAnyRequest) {
  RefusingScript one, two;
  PipelineManifest& first = rig_.add("b", one);
  first.setting_places = {{"/a", {11}}, {"/b", {12}}};
  first.key_path = "pipelines[1]";
  PipelineManifest& second = rig_.add("c", two);
  second.setting_places = {{"/a", {21}}, {"/b", {22}}};
  second.key_path = "pipelines[2]";
  EXPECT_EQ(rig_.run(rig_.options(false)), 2);
  for (const char* line : {":11: ", ":12: ", ":21: ", ":22: "})
    EXPECT_EQ(rig_.log.count("manifest.yaml" + std::string(line)), 1) << rig_.log.text();
  EXPECT_EQ(script_.calls(), 0);
  EXPECT_FALSE(std::filesystem::exists(rig_.output("a")));
}

TEST_F(PipelineTest, AnotherPluginsStateIsRefused) {
  EXPECT_EQ(rig_.run_once(), 0);
  rig_.pipeline(0).plugin = "other";
  EXPECT_EQ(rig_.run_once(), 1);
  EXPECT_EQ(rig_.log.count("its state was made by the plugin scripted, and the manifest names "
                           "other; give the pipeline another name, or begin anew with "
                           "`state reset MANIFEST a`"),
            1)
      << rig_.log.text();
}

TEST_F(PipelineTest, ARenamedPipelineIsNoticed) {
  EXPECT_EQ(rig_.run_once(), 0);
  rig_.pipeline(0).name = "b";
  rig_.pipeline(0).output.path = rig_.output("b");
  EXPECT_EQ(rig_.run_once(), 0);
  EXPECT_EQ(rig_.log.count("warning a: is in the state, but not in the manifest"), 1);
}

TEST_F(PipelineTest, OnePipelinesTroubleIsItsOwn) {
  CountingScript other(7, 3);
  rig_.add("b", other);
  for (int i = 0; i < 5; ++i) script_.fail_next({Status::kTransient, "away"});
  EXPECT_EQ(rig_.run_once(), 1);
  EXPECT_EQ(read_lines(rig_.output("b")), counted(7));
}

TEST_F(PipelineTest, ADisappearedReaderEndsTheHost) {
  rig_.pipeline(0).output = {};
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ::close(ends[0]);
  HostOptions options = rig_.options(false);
  options.stdout_descriptor = ends[1];
  const auto before = std::signal(SIGPIPE, SIG_IGN);
  EXPECT_EQ(rig_.run(std::move(options)), 1);
  std::signal(SIGPIPE, before);
  ::close(ends[1]);
  EXPECT_EQ(rig_.log.count("error : stdout: its reader has gone"), 1) << rig_.log.text();
}

TEST_F(PipelineTest, TheSnapshotTellsTheTruth) {
  const auto host = rig_.host(rig_.options(false));
  std::vector<PipelineStatus> during;
  script_.fail_next({Status::kTransient, "away", {kMinute, CONNECTOR_WAIT_BACKOFF}});
  rig_.clock.after(30 * kSecond, [&] { during = host->snapshot(); });
  rig_.clock.after(90 * kSecond, [&] { host->stop(); });
  EXPECT_TRUE(host->snapshot().empty());
  EXPECT_EQ(host->run(), 0);
  ASSERT_EQ(during.size(), 1u);
  EXPECT_EQ(during[0].health, PipelineHealth::kErroring);
  EXPECT_EQ(during[0].last_error, "away");
  EXPECT_EQ(during[0].now_ns - during[0].last_error_ns, 30 * kSecond);
  EXPECT_FALSE(during[0].delivered_since());
  EXPECT_EQ(during[0].records, 0);
  EXPECT_EQ(during[0].waits[CONNECTOR_WAIT_BACKOFF].ns, 30 * kSecond) << "what has passed so far";
  const auto after = host->snapshot();
  EXPECT_EQ(after[0].health, PipelineHealth::kRunning);
  EXPECT_EQ(after[0].records, 12);
  EXPECT_EQ(after[0].committed, 12);
  EXPECT_EQ(after[0].last_error, "away");
  EXPECT_TRUE(after[0].delivered_since());
  EXPECT_EQ(after[0].waits[CONNECTOR_WAIT_BACKOFF].times, 1);
  EXPECT_EQ(after[0].waits[CONNECTOR_WAIT_BACKOFF].ns, kMinute);
  EXPECT_EQ(after[0].waits[CONNECTOR_WAIT_RATE_LIMIT].times, 0);
  EXPECT_EQ(after[0].waits[CONNECTOR_WAIT_IDLE].times, 1);
  EXPECT_EQ(after[0].waits[CONNECTOR_WAIT_IDLE].ns, 30 * kSecond) << "cut short by the stop";
  EXPECT_EQ(after[0].commits, 4);
  EXPECT_EQ(after[0].commits_queued, 0);
  std::set<std::string> metrics;
  for (const Metric& metric : host->metrics())
    metrics.insert(metric.key.name + " " + std::to_string(metric.value));
  EXPECT_EQ(metrics, (std::set<std::string>{"failures_total 1", "records_total 12"}));
}

}  // namespace
}  // namespace host::test
