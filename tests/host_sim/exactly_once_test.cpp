// Whatever breaks at whatever moment: at rest the file holds every record once, and an operator's
// own bytes untouched before them.
#include <gtest/gtest.h>

#include <random>

#include "host_sim/database.hpp"
#include "host_sim/state_store.hpp"
#include "tests/host_sim/host_rig.hpp"

namespace host::test {
namespace {

using test_support::read_file;
using test_support::read_lines;
using test_support::write_file;

constexpr int64_t kRecords = 12;

// What is left of the state after a power cut: a commit that brought no records may be gone, and
// what came before it is not.
class DurableState {
 public:
  explicit DurableState(const HostRig& rig) : state_(rig.state()), kept_(rig.folder / "kept.db") {}

  // Behind each commit.
  void note() {
    const std::optional<Mark> now = mark();
    if (!now || now == last_) return;
    last_ = now;
    copy(state_, kept_);
  }
  void lose_the_rest() {
    if (last_) copy(kept_, state_);
  }

 private:
  struct Mark {
    int64_t run, records, ours_until;
    bool has_row, has_checkpoint;
    bool operator==(const Mark&) const = default;
  };

  std::optional<Mark> mark() const {
    Result<Database> database = Database::open(state_);
    auto store = StateStore::open_to_look(state_);
    if (!database || !store || !*store) return {};
    const auto run = database->integer("SELECT run FROM host");
    const auto state = (*store)->pipeline("a");
    if (!run || !state) return {};
    const PipelineState its = state->value_or(PipelineState{});
    return Mark{*run, its.records, its.ours_until, state->has_value(), !its.checkpoint.empty()};
  }
  static void copy(const std::filesystem::path& from, const std::filesystem::path& to) {
    for (const char* part : {"", "-wal"}) {
      const std::string source = from.string() + part, target = to.string() + part;
      // In its place: another file would be a copy to the host, as one that an operator put back.
      constexpr auto kInPlace = std::filesystem::copy_options::overwrite_existing;
      std::error_code missing;
      if (!std::filesystem::copy_file(source, target, kInPlace, missing))
        std::filesystem::remove(target);
    }
    std::filesystem::remove(to.string() + "-shm");
  }

  const std::filesystem::path state_;
  const std::filesystem::path kept_;
  std::optional<Mark> last_;
};

// Dies at the nth crash point that it comes to.
class DyingHost {
 public:
  explicit DyingHost(int64_t points, DurableState* durable = nullptr)
      : left_(points), durable_(durable) {}

  // True when the host came to its end before.
  bool survives(HostRig& rig) {
    HostOptions options = rig.options(true);
    options.crash_points = CrashPoints([this](std::string_view where) {
      passed_.emplace_back(where);
      if (durable_ && (where == "after_commit" || where == "after_open")) durable_->note();
      if (--left_ == 0) throw Crash();
    });
    try {
      EXPECT_EQ(rig.run(std::move(options)), 0) << rig.log.text();
      return true;
    } catch (const Crash&) {
      return false;
    }
  }
  const std::vector<std::string>& passed() const { return passed_; }

 private:
  int64_t left_;
  DurableState* const durable_;
  std::vector<std::string> passed_;
};

std::vector<std::string> after(const std::string& line, std::vector<std::string> lines) {
  lines.insert(lines.begin(), line);
  return lines;
}

TEST(ExactlyOnce, ACrashAtEveryPointOfARunLosesAndRepeatsNothing) {
  int points = 0;
  for (bool survived = false; !survived; ++points) {
    HostRig rig;
    CountingScript script(kRecords, 5);
    rig.add("a", script);
    write_file(rig.output("a"), "an operator's line, not ended");
    DyingHost dying(points + 1);
    survived = dying.survives(rig);
    const int exit_code = survived ? 0 : rig.run_once();
    EXPECT_EQ(exit_code, 0) << rig.log.text();
    EXPECT_EQ(read_lines(rig.output("a")),
              after("an operator's line, not ended", counted(kRecords)))
        << "after a crash at " << dying.passed().back() << ", point " << points + 1;
  }
  // 3 of the state's making, 1 of the opening, 3 of the first position; 6 a batch; the end.
  EXPECT_GE(points, 7 + 3 * 6 + 1);
}

TEST(ExactlyOnce, ACrashInTheMiddleOfALineIsCutOff) {
  HostRig rig;
  CountingScript script(kRecords, 5);
  rig.add("a", script);
  HostOptions options = rig.options(true);
  options.crash_points = CrashPoints([](std::string_view where) {
    if (where == "amid_write") throw Crash();
  });
  EXPECT_THROW(rig.run(std::move(options)), Crash);
  EXPECT_EQ(read_file(rig.output("a")), "{\"n\":0}\n{\"n\":1}\n{\"n\"");
  EXPECT_EQ(rig.run_once(), 0);
  EXPECT_EQ(read_lines(rig.output("a")), counted(kRecords));
  EXPECT_EQ(rig.log.count("cut off 20 bytes"), 1) << rig.log.text();
}

int64_t committed_position(const HostRig& rig) {
  auto store = StateStore::open_to_look(rig.state());
  if (!store || !*store) return 0;
  auto state = (*store)->pipeline("a");
  return state && *state ? (*state)->output.position : 0;
}

// After a power cut, any part of what was not synced may be gone.
void lose_power(const HostRig& rig, std::mt19937& random) {
  std::error_code none;
  const auto size = static_cast<int64_t>(std::filesystem::file_size(rig.output("a"), none));
  const int64_t committed = committed_position(rig);
  if (none || size <= committed) return;
  const int64_t kept = std::uniform_int_distribution<int64_t>(committed, size)(random);
  std::filesystem::resize_file(rig.output("a"), static_cast<uintmax_t>(kept));
}

// Every kind of step: records, a checkpoint alone, records whose checkpoint comes later, nothing,
// and failures of every class that is retried.
class MoodyScript final : public Script {
 public:
  explicit MoodyScript(uint32_t seed) : random_(seed) {}

  Result<Batch> next(const connector::Host&, int64_t& position) override {
    const auto roll = [this](int sides) { return static_cast<int>(random_() % sides); };
    const int64_t from = position;
    const int mood = roll(8);
    const bool fails = mood == 0 || mood == 2;
    in_a_row_ = fails ? in_a_row_ + 1 : 0;
    switch (in_a_row_ > 3 ? 7 : mood) {  // five in a row would end the run
      case 0:
        return Error{Status::kTransient, "the service is away"};
      case 1:
        return Error{Status::kRateLimited, "slower", {kMinute, CONNECTOR_WAIT_RATE_LIMIT}};
      case 2:
        return Error{Status::kInternal, "a bug"};
      case 3:
        return counting_batch(from, 0);
      default:
        break;
    }
    const int64_t count = std::min<int64_t>(1 + roll(4), kRecords - from);
    position += count;
    Batch batch = counting_batch(from, count, {kSecond, CONNECTOR_WAIT_RATE_LIMIT});
    const bool done = position == kRecords;
    if (!done && roll(3) == 0) batch.checkpoint.clear();
    if (done) batch.wait = {kMinute, CONNECTOR_WAIT_IDLE};
    return batch;
  }

 private:
  std::mt19937 random_;
  int in_a_row_ = 0;
};

TEST(ExactlyOnce, CrashLoopsWithPowerCutsAndAMoodyPluginLoseAndRepeatNothing) {
  for (uint32_t seed = 1; seed <= 60; ++seed) {
    HostRig rig;
    MoodyScript script(seed);
    rig.add("a", script);
    std::mt19937 random(seed);
    DurableState durable(rig);
    int crashes = 0;
    while (!DyingHost(1 + random() % 40, &durable).survives(rig)) {
      ++crashes;
      if (random() % 2 == 0) durable.lose_the_rest();
      lose_power(rig, random);
      ASSERT_LT(crashes, 1000) << "seed " << seed;
    }
    EXPECT_EQ(read_lines(rig.output("a")), counted(kRecords)) << "seed " << seed;
  }
}

TEST(ExactlyOnce, AnotherRunAddsWhatIsNewAndNothingElse) {
  HostRig rig;
  CountingScript script(kRecords, 5);
  rig.add("a", script);
  EXPECT_EQ(rig.run_once(), 0);
  EXPECT_EQ(rig.run_once(), 0);
  EXPECT_EQ(read_lines(rig.output("a")), counted(kRecords));
  script.grow(3);
  EXPECT_EQ(rig.run_once(), 0);
  EXPECT_EQ(read_lines(rig.output("a")), counted(kRecords + 3));
}

TEST(ExactlyOnce, AFileThatIsRotatedUnderwayIsLeftAtACommitAndFollowed) {
  HostRig rig;
  CountingScript script(kRecords, 5);
  rig.add("a", script);
  const auto aside = rig.folder / "a.ndjson.1";
  rig.clock.after(90 * kSecond, [&] {
    std::filesystem::rename(rig.output("a"), aside);
    script.grow(4);
  });
  EXPECT_EQ(rig.run_for(10 * kMinute), 0);
  EXPECT_EQ(read_lines(aside), counted(kRecords));
  const auto all = counted(kRecords + 4);
  EXPECT_EQ(read_lines(rig.output("a")),
            std::vector<std::string>(all.begin() + kRecords, all.end()));
  EXPECT_EQ(rig.log.count("is another file than before"), 1) << rig.log.text();
  EXPECT_EQ(script.configured(), 1) << "a rotation needs no new instance";
}

TEST(ExactlyOnce, AFileThatIsRemovedBetweenWriteAndCommitIsReadAgainIntoANewOne) {
  HostRig rig;
  CountingScript script(kRecords, 5);
  rig.add("a", script);
  HostOptions options = rig.options(true);
  bool removed = false;
  options.crash_points = CrashPoints([&](std::string_view where) {
    if (where == "after_write" && !std::exchange(removed, true))
      std::filesystem::remove(rig.output("a"));
  });
  EXPECT_EQ(rig.run(std::move(options)), 0) << rig.log.text();
  EXPECT_EQ(read_lines(rig.output("a")), counted(kRecords));
  EXPECT_EQ(rig.log.count("was removed before its last records were committed"), 2)
      << "and that this is over";
}

TEST(ExactlyOnce, AFileThatSomebodyCutStopsThePipelineWithTheRemedy) {
  HostRig rig;
  CountingScript script(kRecords, 5);
  rig.add("a", script);
  EXPECT_EQ(rig.run_once(), 0);
  std::filesystem::resize_file(rig.output("a"), 3);
  script.grow(1);
  EXPECT_EQ(rig.run_once(), 1);
  EXPECT_EQ(rig.log.count("a.ndjson: has 3 bytes, but records up to byte 98"), 1) << rig.log.text();
  EXPECT_EQ(read_file(rig.output("a")).size(), 3u);
}

}  // namespace
}  // namespace host::test
