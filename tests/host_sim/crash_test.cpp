// The real program, killed as hard as the system can: the file holds every record once.
#include <gtest/gtest.h>

#include <csignal>

#include "tests/host_sim/host_program.hpp"
#include "tests/host_sim/host_rig.hpp"

namespace host::test {
namespace {

using test_support::Program;
using test_support::read_lines;
using test_support::run_program;

TEST(Killed, AtACrashPointBetweenEveryTwoSteps) {
  bool survived = false;
  int points = 0;
  for (; !survived; ++points) {
    const HostProgram host("total: 25, batch: 10");
    test_support::Environment environment = HostProgram::environment();
    environment["CRASH_AT"] = std::to_string(points + 1);
    const auto end = run_program({HOST_SIM_CRASHING, host.manifest()}, environment);
    survived = end.exit_code == 0;
    EXPECT_TRUE(survived || end.signal == SIGKILL) << end.err;
    EXPECT_EQ(host.run({"run", "--once", "M"}).exit_code, 0);
    EXPECT_EQ(read_lines(host.output()), counted(25)) << "killed at point " << points + 1;
  }
  EXPECT_GT(points, 15);
}

// How far the program comes before it is seen depends on the machine: there are far more records
// than the kills take.
TEST(Killed, AtAnyMoment) {
  constexpr size_t kTotal = 20'000;
  const HostProgram host("total: " + std::to_string(kTotal) + ", batch: 1");
  int kills = 0;
  for (size_t done = 0; done < kTotal && kills < 25; ++kills) {
    Program program(host.arguments({"run", "M"}), HostProgram::environment());
    const size_t enough = std::min(done + 97, kTotal);
    while (done < enough && !program.wait(std::chrono::milliseconds(1)))
      done = read_lines(host.output()).size();
    program.signal(SIGKILL);
    ASSERT_TRUE(program.wait(std::chrono::seconds(60)));
  }
  EXPECT_EQ(kills, 25);
  EXPECT_EQ(host.run({"run", "--once", "M"}).exit_code, 0);
  EXPECT_EQ(read_lines(host.output()), counted(kTotal));
}

}  // namespace
}  // namespace host::test
