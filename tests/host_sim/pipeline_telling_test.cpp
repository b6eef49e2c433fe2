// What a pipeline tells people: which line of the manifest is wrong, what it is behind with, and
// what it has done so far.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <utility>

#include "tests/host_sim/host_rig.hpp"

namespace host::test {
namespace {

using testing::HasSubstr;

class PipelineTells : public testing::Test {
 protected:
  PipelineTells() { rig_.add("a", script_); }

  HostRig rig_;
  CountingScript script_{12, 5};
};

// Also when the service finds it out in mid-run.
TEST_F(PipelineTells, AWrongSettingIsToldWithItsLineWheneverItShows) {
  rig_.pipeline(0).key_path = "pipelines[0]";
  rig_.pipeline(0).setting_places = {{"/a", {11}}};
  script_.fail_next({Status::kConfig, "/a: there is no such thing\n/a: look again"});
  EXPECT_EQ(rig_.run_once(), 1);
  EXPECT_THAT(
      rig_.log.text(),
      HasSubstr("manifest.yaml:11: pipelines[0].input.settings.a: there is no such thing; "));
  EXPECT_THAT(rig_.log.text(), HasSubstr("manifest.yaml:11: pipelines[0].input.settings.a: look"));
}

TEST_F(PipelineTells, AnOutputThatIsNoneIsAMistakeInTheManifest) {
  rig_.pipeline(0).key_path = "pipelines[0]";
  rig_.pipeline(0).output_place = {9};
  std::filesystem::create_directory(rig_.output("a"));
  EXPECT_EQ(rig_.run(rig_.options(false)), 2);
  EXPECT_THAT(rig_.log.text(), HasSubstr("manifest.yaml:9: pipelines[0].output.path: "));
  EXPECT_THAT(rig_.log.text(), HasSubstr("is a folder"));
  EXPECT_EQ(script_.calls(), 0);
}

TEST_F(PipelineTells, AStateThatIsTakenAwayIsAFailureUntilItIsBack) {
  const auto host = rig_.host(rig_.options(false));
  const auto away = rig_.folder / "away.db";
  std::vector<PipelineStatus> during;
  rig_.clock.after(30 * kSecond, [&] {
    std::filesystem::rename(rig_.state(), away);
    script_.grow(3);
  });
  rig_.clock.after(3 * kMinute, [&] {
    during = host->snapshot();
    std::filesystem::rename(away, rig_.state());
  });
  rig_.clock.after(10 * kMinute, [&] { host->stop(); });
  EXPECT_EQ(host->run(), 0);
  ASSERT_EQ(during.size(), 1U);
  EXPECT_EQ(during[0].health, PipelineHealth::kErroring);
  EXPECT_THAT(during[0].reason, HasSubstr("host.db: the state file was removed or replaced"));
  EXPECT_EQ(during[0].committed, 12);
  EXPECT_EQ(host->snapshot()[0].health, PipelineHealth::kRunning);
  EXPECT_EQ(host->snapshot()[0].committed, 15);
  EXPECT_EQ(test_support::read_lines(rig_.output("a")), counted(15));
}

// One record, and a checkpoint without any at a time; the rest of the time it has nothing to say.
class QuietScript final : public Script {
 public:
  Result<Batch> next(const connector::Host& /*host*/, int64_t& position) override {
    constexpr connector::Wait kIdle{kMinute, CONNECTOR_WAIT_IDLE};
    const int64_t from = std::exchange(position, 1);
    if (from == 0 || std::exchange(speaks_next, false))
      return counting_batch(from, 1 - from, kIdle);
    Batch nothing;
    nothing.wait = kIdle;
    return nothing;
  }
  bool speaks_next = false;
};

// What it says to a state that is away it does not say again: the state is asked all the same.
TEST_F(PipelineTells, AStateThatRefusedIsAFailureUntilItKeepsAgain) {
  QuietScript quiet;
  rig_.add("b", quiet);
  const auto host = rig_.host(rig_.options(false));
  const auto away = rig_.folder / "away.db";
  std::vector<PipelineStatus> during;
  rig_.clock.after(80 * kSecond, [&] {
    std::filesystem::rename(rig_.state(), away);
    quiet.speaks_next = true;
  });
  rig_.clock.after(30 * kMinute, [&] {
    during = host->snapshot();
    std::filesystem::rename(away, rig_.state());
  });
  rig_.clock.after(90 * kMinute, [&] { host->stop(); });
  EXPECT_EQ(host->run(), 0);
  ASSERT_EQ(during.size(), 2U);
  EXPECT_EQ(during[1].health, PipelineHealth::kErroring) << during[1].reason;
  EXPECT_THAT(during[1].reason, HasSubstr("host.db: the state file was removed or replaced"));
  EXPECT_EQ(host->snapshot()[1].health, PipelineHealth::kRunning);
  EXPECT_EQ(test_support::read_lines(rig_.output("b")), counted(1));
}

// Of the process, while it lives or until it is lifted.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t size) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    set(size);
  }
  ~FileSizeLimit() {
    lift();
    std::signal(SIGXFSZ, handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  void lift() const { set(before_.rlim_cur); }

 private:
  void set(rlim_t size) const {
    const rlimit limit{size, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }

  rlimit before_{};
  void (*handler_)(int) = std::signal(SIGXFSZ, SIG_IGN);
};

// One record first, and then five at a time, up to 30.
class GrowingScript final : public Script {
 public:
  static constexpr int32_t kProgress = 100;  // of ten thousand, until it is at its end

  Result<void> configure(std::string_view /*settings*/, int64_t /*position*/) override {
    is_first_ = true;
    return {};
  }
  Result<Batch> next(const connector::Host& /*host*/, int64_t& position) override {
    const int64_t count = std::min<int64_t>(std::exchange(is_first_, false) ? 1 : 5, 30 - position);
    const int64_t from = std::exchange(position, position + count);
    if (count > 0) {
      Batch batch = counting_batch(from, count);
      batch.progress = kProgress;
      return batch;
    }
    Batch idle;
    idle.progress = 10'000;
    idle.wait = {kMinute, CONNECTOR_WAIT_IDLE};
    return idle;
  }

 private:
  bool is_first_ = true;
};

// What still fits is committed meanwhile, and is no end of the trouble. The file is far longer than
// the state, which is to be written all the while.
TEST(FullOutput, IsATroubleUntilWhatFailedIsKept) {
  HostRig rig;
  GrowingScript script;
  rig.add("b", script);
  const std::string before(8 << 20, 'x');
  test_support::write_file(rig.output("b"), before + "\n");
  const FileSizeLimit limit(before.size() + 61);
  const auto host = rig.host(rig.options(false));
  std::vector<PipelineStatus> during;
  rig.clock.after(50 * kSecond, [&] {
    during = host->snapshot();
    limit.lift();
  });
  rig.clock.after(5 * kMinute, [&] { host->stop(); });
  EXPECT_EQ(host->run(), 0);
  ASSERT_EQ(during.size(), 1U);
  EXPECT_EQ(during[0].health, PipelineHealth::kErroring);
  EXPECT_EQ(during[0].committed, 7) << "one more than before the trouble";
  EXPECT_EQ(rig.log.count("warning b: erroring: "), 1) << rig.log.text();
  EXPECT_EQ(rig.log.count("info b: running"), 2) << rig.log.text();
  EXPECT_EQ(rig.log.count("info b: running: over after 63 s, 6 times: "), 1) << rig.log.text();
  EXPECT_EQ(rig.log.count("cut off"), 1) << "not at each try:\n" << rig.log.text();
  EXPECT_EQ(rig.log.count("backfill 1.0 %"), 2) << "not while nothing moves:\n" << rig.log.text();
  EXPECT_EQ(rig.log.count("backfill complete, 30 records"), 1) << rig.log.text();
  std::vector<std::string> all = counted(30);
  all.insert(all.begin(), before);
  EXPECT_EQ(test_support::read_lines(rig.output("b")), all);
}

TEST(Progress, IsLoggedOnlyWhileItMoves) {
  HostRig rig;
  HealthRecord health("b", rig.clock, rig.log);
  const auto lines_after = [&](int64_t records, int32_t progress) {
    rig.clock.advance(kMinute);
    health.starts_from(0);  // as after a failure
    health.delivered(records, progress, "");
    return rig.log.count("info b: backfill ");
  };
  EXPECT_EQ(lines_after(5, 100), 1);
  EXPECT_EQ(lines_after(5, 100), 1) << "the same once more";
  EXPECT_EQ(lines_after(3, 50), 1) << "less than that";
  EXPECT_EQ(lines_after(6, 100), 2);
  EXPECT_EQ(lines_after(4, 101), 3);
  EXPECT_EQ(rig.log.count("backfill 1.0 %, 4 records, 0.0 a second"), 1) << rig.log.text();
}

// Brings records, and is behind with others.
class LateScript final : public Script {
 public:
  Result<Batch> next(const connector::Host& host, int64_t& position) override {
    host.count("late_total", "kind=slow", 2);
    host.gauge("range_done_timestamp_seconds", "range=live", host.wall_clock() / kSecond - 5);
    Batch batch = counting_batch(position++, 1, {kMinute, CONNECTOR_WAIT_IDLE});
    batch.watermark_ns = host.wall_clock() - 90 * kSecond;
    if (is_behind) batch.notice = "late ones are behind";
    return batch;
  }
  bool is_behind = true;
};

TEST_F(PipelineTells, ANoticeIsNotGreenWhileItHoldsAndTheCountsAreInTheLog) {
  LateScript late;
  rig_.add("b", late);
  const auto host = rig_.host(rig_.options(false));
  std::vector<PipelineStatus> during;
  rig_.clock.after(12 * kMinute + kSecond, [&] {
    during = host->snapshot();
    late.is_behind = false;
  });
  rig_.clock.after(15 * kMinute + kSecond, [&] { host->stop(); });
  EXPECT_EQ(host->run(), 0);
  ASSERT_EQ(during.size(), 2U);
  EXPECT_EQ(during[1].health, PipelineHealth::kThrottled);
  EXPECT_EQ(during[1].reason, "late ones are behind");
  EXPECT_EQ(host->snapshot()[1].health, PipelineHealth::kRunning);
  EXPECT_EQ(rig_.log.count("warning b: throttled: late ones are behind"), 1) << rig_.log.text();
  EXPECT_EQ(rig_.log.count("info b: running: over after 13 min: late ones"), 1);
  const std::string text = rig_.log.text();
  EXPECT_THAT(text, HasSubstr("info b: so far: 10 records committed, live 5 s behind, settled to "
                              "2 min 30 s ago; in this run late 22\n"))
      << "every ten minutes, of what is committed";
  EXPECT_THAT(text, HasSubstr("info b: so far: 16 records committed, live 6 s behind, settled to "
                              "91 s ago; in this run late 32\n"))
      << "at the end";
}

}  // namespace
}  // namespace host::test
