// Others append to the file, too: what they wrote is never cut off, and every record is there once.
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "host_sim/state_store.hpp"
#include "tests/host_sim/host_rig.hpp"

namespace host::test {
namespace {

using test_support::read_file;
using test_support::read_lines;
using test_support::write_file;

constexpr int64_t kCounted = 12;
const std::string kNote = R"({"operator":"note"})";

void append(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::app) << text;
}

std::vector<std::string> counted_with_note_after(size_t records, int64_t total) {
  std::vector<std::string> lines = counted(total);
  lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(records), kNote);
  return lines;
}

// One pipeline, with kCounted records in batches of five.
struct CountingRig : HostRig {
  CountingRig() { add("a", script); }
  CountingScript script{kCounted, 5};
};

bool ended_clean(const HostRig& rig) {
  const auto store = StateStore::open(rig.state());
  EXPECT_TRUE(store) << store.error().text;
  return (*store)->begin_run()->clean_end;
}

TEST(ForeignWriters, WhatAnOperatorAppendsBetweenTwoRunsStays) {
  CountingRig rig;
  EXPECT_EQ(rig.run_once(), 0);
  append(rig.output("a"), kNote + "\n");
  rig.script.grow(3);
  EXPECT_EQ(rig.run_once(), 0);
  EXPECT_EQ(read_lines(rig.output("a")), counted_with_note_after(kCounted, kCounted + 3));
  EXPECT_EQ(rig.log.count("another program has appended 20 bytes; they are kept"), 1);
  EXPECT_EQ(rig.log.count("cut off"), 0) << rig.log.text();
}

TEST(ForeignWriters, TwoHostsInTurnOnOneFileKeepEachOthersRecords) {
  HostRig first;
  HostRig second;
  CountingScript ours(2, 5);
  CountingScript theirs(2, 5);
  first.add("a", ours);
  second.add("a", theirs).output.path = first.output("a");
  for (int turn = 0; turn < 3; ++turn) {
    EXPECT_EQ(first.run_once(), 0);
    EXPECT_EQ(second.run_once(), 0);
    ours.grow(1);
    theirs.grow(1);
  }
  const auto line = [](int n) { return "{\"n\":" + std::to_string(n) + "}"; };
  EXPECT_EQ(read_lines(first.output("a")),
            (std::vector<std::string>{line(0), line(1), line(0), line(1), line(2), line(2), line(3),
                                      line(3)}));
}

TEST(ForeignWriters, WhatIsAppendedWhileTheHostRunsStaysAndCollectionGoesOnBehindIt) {
  CountingRig rig;
  rig.clock.after(90 * kSecond, [&] {
    append(rig.output("a"), kNote + "\n");
    rig.script.grow(4);
  });
  EXPECT_EQ(rig.run_for(10 * kMinute), 0);
  EXPECT_EQ(read_lines(rig.output("a")), counted_with_note_after(kCounted, kCounted + 4));
  EXPECT_EQ(rig.log.count("another program has appended 20 bytes; they are kept"), 1);
  EXPECT_EQ(rig.log.count("erroring"), 0) << rig.log.text();
  EXPECT_EQ(rig.script.configured(), 1) << "that needs no new instance";
}

// Between the look at the file and the write into it.
TEST(ForeignWriters, WhatIsAppendedBetweenTwoBatchesStays) {
  CountingRig rig;
  HostOptions options = rig.options(true);
  int batches = 0;
  options.crash_points = CrashPoints([&](std::string_view where) {
    if (where == "before_write" && ++batches == 2) append(rig.output("a"), kNote + "\n");
  });
  EXPECT_EQ(rig.run(std::move(options)), 0) << rig.log.text();
  EXPECT_EQ(read_lines(rig.output("a")), counted_with_note_after(5, kCounted));
}

// Records whose checkpoint never comes: ours, not committed, and therefore to be cut off.
class ForgetfulScript final : public Script {
 public:
  Result<Batch> next(const connector::Host&, int64_t& position) override {
    Batch batch = counting_batch(position, forgets ? 2 : 4, {kMinute, CONNECTOR_WAIT_IDLE});
    if (forgets) batch.checkpoint.clear();
    position += forgets ? 2 : 4;
    return batch;
  }
  bool forgets = true;
};

TEST(ForeignWriters, AnEndWithUncommittedRecordsIsNotAClean) {
  HostRig rig;
  ForgetfulScript script;
  rig.add("a", script);
  EXPECT_EQ(rig.run_once(), 0);
  EXPECT_EQ(read_lines(rig.output("a")), counted(2));
  script.forgets = false;
  EXPECT_EQ(rig.run_once(), 0);
  EXPECT_EQ(read_lines(rig.output("a")), counted(4));
  EXPECT_EQ(rig.log.count("cut off 16 bytes"), 1) << rig.log.text();
  EXPECT_TRUE(ended_clean(rig));
}

TEST(ForeignWriters, BehindUncommittedRecordsTheyStopThePipelineAndNothingIsCut) {
  HostRig rig;
  ForgetfulScript script;
  rig.add("a", script);
  HostOptions options = rig.options(false);
  std::unique_ptr<Host> host = rig.host(std::move(options));
  rig.clock.after(30 * kSecond, [&] { append(rig.output("a"), kNote + "\n"); });
  rig.clock.after(5 * kMinute, [&] { host->stop(); });
  EXPECT_EQ(host->run(), 0);
  EXPECT_EQ(read_lines(rig.output("a")), counted_with_note_after(2, 2));
  EXPECT_GE(rig.log.count("has written 20 bytes behind 16 bytes of ours"), 1) << rig.log.text();
  host.reset();
  EXPECT_FALSE(ended_clean(rig));
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(rig.run_once(), 1) << "nor by the next run, nor the one after it";
    EXPECT_EQ(read_lines(rig.output("a")), counted_with_note_after(2, 2));
  }
}

// Two manifests in turn on one state, or a pipeline that is left out for a while.
TEST(ForeignWriters, ARunWithoutItLeavesAPipelineAsItIs) {
  CountingRig rig;
  HostOptions options = rig.options(true);
  options.crash_points = CrashPoints([&, writes = 0](std::string_view where) mutable {
    if (where == "after_write" && ++writes == 3) throw Crash();
  });
  EXPECT_THROW(rig.run(std::move(options)), Crash);
  EXPECT_EQ(read_lines(rig.output("a")), counted(kCounted));
  const PipelineManifest left_out = rig.pipeline(0);
  CountingScript other(2, 5);
  PipelineManifest another = left_out;
  another.name = "b";
  another.settings = settings_for(other);
  another.output.path = rig.output("b");
  rig.pipeline(0) = another;
  EXPECT_EQ(rig.run_once(), 0);
  rig.pipeline(0) = left_out;
  EXPECT_EQ(rig.run_once(), 0);
  EXPECT_EQ(read_lines(rig.output("a")), counted(kCounted)) << rig.log.text();
}

// Killed before it has looked at its output: what stands there is not of this run.
TEST(ForeignWriters, WhatIsAppendedBeforeARunThatDiesEarlyStays) {
  CountingRig rig;
  EXPECT_EQ(rig.run_once(), 0);
  append(rig.output("a"), kNote + "\n");
  HostOptions options = rig.options(true);
  options.crash_points = CrashPoints([](std::string_view where) {
    if (where == "after_open") throw Crash();
  });
  EXPECT_THROW(rig.run(std::move(options)), Crash);
  EXPECT_EQ(rig.run_once(), 0);
  EXPECT_EQ(read_lines(rig.output("a")), counted_with_note_after(kCounted, kCounted));
}

// The host's own remedy for a lost state, and a file that has grown since.
TEST(ForeignWriters, BehindACopyOfAnOlderStateNobodyKnowsWhoWrote) {
  CountingRig rig;
  EXPECT_EQ(rig.run_once(), 0);
  const std::filesystem::path copy = rig.folder / "copy";
  std::filesystem::copy_file(rig.state(), copy);
  const auto committed = std::filesystem::file_size(rig.output("a"));
  rig.script.grow(3);
  EXPECT_EQ(rig.run_once(), 0);
  std::filesystem::rename(copy, rig.state());
  EXPECT_EQ(rig.run_once(), 1);
  EXPECT_EQ(read_lines(rig.output("a")), counted(kCounted + 3)) << "nothing was touched";
  const std::string remedy =
      "`truncate -s " + std::to_string(committed) + " " + rig.output("a").string() + "`";
  EXPECT_EQ(rig.log.count(remedy), 1) << rig.log.text();
  EXPECT_EQ(rig.run_once(), 1) << "nor does it know by the next run";
  std::filesystem::resize_file(rig.output("a"), committed);
  EXPECT_EQ(rig.run_once(), 0);
  EXPECT_EQ(read_lines(rig.output("a")), counted(kCounted + 3));
}

TEST(ForeignWriters, NorBehindOneThatWasPutBackWithItsLock) {
  CountingRig rig;
  EXPECT_EQ(rig.run_once(), 0);
  const std::filesystem::path lock = rig.state().string() + ".lock";
  std::filesystem::copy_file(rig.state(), rig.folder / "copy");
  std::filesystem::copy_file(lock, rig.folder / "copy of the lock");
  rig.script.grow(3);
  EXPECT_EQ(rig.run_once(), 0);
  std::filesystem::rename(rig.folder / "copy", rig.state());
  std::filesystem::rename(rig.folder / "copy of the lock", lock);
  EXPECT_EQ(rig.run_once(), 1);
  EXPECT_EQ(read_lines(rig.output("a")), counted(kCounted + 3)) << "nothing was touched";
}

// The same file again, of a run that went on, and the output was rotated behind it.
class CopyOfTheLastRun {
 public:
  explicit CopyOfTheLastRun(CountingRig& rig) : rig_(rig) {
    rig_.clock.after(90 * kSecond, [this] {
      for (const char* part : {"", "-wal"}) bytes_[part] = read_file(rig_.state().string() + part);
    });
    rig_.clock.after(3 * kMinute, [this] { rig_.script.grow(3); });
    rig_.clock.after(6 * kMinute, [this] { rotate(); });
    EXPECT_EQ(rig_.run_for(10 * kMinute), 0);
    EXPECT_EQ(read_lines(aside_), counted(kCounted + 3));
  }
  void put_back() const {
    for (const auto& [part, bytes] : bytes_) write_file(rig_.state().string() + part, bytes);
  }

 private:
  void rotate() {
    std::filesystem::rename(rig_.output("a"), aside_);
    rig_.script.grow(2);
  }

  CountingRig& rig_;
  const std::filesystem::path aside_ = rig_.folder / "a.ndjson.1";
  std::map<std::string, std::string> bytes_;  // by the end of the file's name
};

TEST(ForeignWriters, ACopyOfTheLastRunInTheSameFileRepeatsNothingBehindARotation) {
  CountingRig rig;
  const CopyOfTheLastRun copy(rig);
  const std::vector<std::string> lines = read_lines(rig.output("a"));
  EXPECT_EQ(lines.size(), 2u);
  copy.put_back();
  EXPECT_EQ(rig.run_once(), 1);
  EXPECT_EQ(read_lines(rig.output("a")), lines);
  EXPECT_EQ(rig.log.count("restored from an older copy: what would be collected may stand in it"),
            1)
      << rig.log.text();
}

TEST(ForeignWriters, NeitherARestartNorAKillNorALockThatIsGoneMakesACopy) {
  CountingRig rig;
  HostOptions options = rig.options(true);
  options.crash_points = CrashPoints([commits = 0](std::string_view where) mutable {
    if (where == "after_commit" && ++commits == 2) throw Crash();
  });
  EXPECT_THROW(rig.run(std::move(options)), Crash);
  EXPECT_EQ(rig.run_once(), 0);
  rig.script.grow(3);
  EXPECT_EQ(rig.run_once(), 0);
  std::filesystem::remove(rig.state().string() + ".lock");
  rig.script.grow(3);
  EXPECT_EQ(rig.run_once(), 0);
  EXPECT_EQ(read_lines(rig.output("a")), counted(kCounted + 6));
  EXPECT_EQ(rig.log.count("copy"), 0) << rig.log.text();
}

}  // namespace
}  // namespace host::test
