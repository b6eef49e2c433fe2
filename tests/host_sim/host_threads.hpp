// A host on real threads and in real time, over scripted plugins.
#pragma once

#include <gtest/gtest.h>

#include <atomic>

#include "tests/host_sim/host_rig.hpp"

namespace host::test {

class HostThreads : public testing::Test {
 protected:
  HostOptions options(bool once) {
    return {.clock = clock_,
            .log = rig_.log,
            .environment = rig_.environment,
            .once = once,
            .stop_grace_ns = 60 * kSecond};
  }

  int writes_of_a_run(int stdout_descriptor = 1) {
    std::atomic<int> writes = 0;
    HostOptions counting = options(true);
    counting.stdout_descriptor = stdout_descriptor;
    counting.crash_points = CrashPoints([&](std::string_view where) {
      if (where == "after_write") ++writes;
    });
    EXPECT_EQ(rig_.run(std::move(counting)), 0) << rig_.log.text();
    return writes;
  }

  SystemClock clock_;
  HostRig rig_;
};

}  // namespace host::test
