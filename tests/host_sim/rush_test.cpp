// What of an input that gives much is written together, and what never waits for more.
#include <fcntl.h>
#include <gtest/gtest.h>

#include "tests/host_sim/host_threads.hpp"

namespace host::test {
namespace {

namespace fs = std::filesystem;
using test_support::read_lines;

using InARush = HostThreads;

// A commit waits for the disk, and a batch of this plugin for nothing.
TEST_F(InARush, WhatComesWhileACommitIsUnderWayIsWrittenTogether) {
  CountingScript script(30'000, 30);
  rig_.add("a", script);
  const int writes = writes_of_a_run();
  EXPECT_EQ(read_lines(rig_.output("a")), counted(30'000));
  EXPECT_GE(script.calls(), 1'000);
  EXPECT_LT(writes, 500);
}

// Nor may a plugin that waits for single events keep back one of them.
TEST_F(InARush, AFewRecordsAreWrittenAtOnce) {
  CountingScript script(600, 3);
  rig_.add("a", script);
  EXPECT_EQ(writes_of_a_run(), 200);
  EXPECT_EQ(read_lines(rig_.output("a")), counted(600));
}

// Who reads it may be slow, and a stop waits for no more than a batch.
TEST_F(InARush, NothingIsHeldBackFromStdout) {
  CountingScript script(6'000, 30);
  rig_.add("a", script).output = {};
  const fs::path read = rig_.folder / "stdout";
  const Descriptor to(::open(read.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  EXPECT_EQ(writes_of_a_run(to.number()), 200);
  EXPECT_EQ(read_lines(read), counted(6'000));
}

// Its instance is given up in the midst of a rush.
class FailsAmidARush final : public CountingScript {
 public:
  using CountingScript::CountingScript;
  Result<Batch> next(const connector::Host& host, int64_t& position) override {
    if (calls() == 500) fail_next({Status::kInternal, "a bug"});
    return CountingScript::next(host, position);
  }
};

TEST_F(InARush, WhatCameBeforeAFailureIsKept) {
  FailsAmidARush script(30'000, 30);
  rig_.add("a", script);
  EXPECT_EQ(rig_.run(options(true)), 0) << rig_.log.text();
  EXPECT_EQ(read_lines(rig_.output("a")), counted(30'000));
  EXPECT_EQ(script.configured(), 2);
  EXPECT_EQ(script.calls(), 1'000 + 2) << "a failure and the end: no batch was asked for twice";
}

}  // namespace
}  // namespace host::test
