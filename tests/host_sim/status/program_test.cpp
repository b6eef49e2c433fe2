// `run --status`, as an operator meets it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <thread>

#include "tests/host_sim/host_program.hpp"
#include "tests/host_sim/status/raw_client.hpp"

namespace host::status::test {
namespace {

using host::test::HostProgram;
using test_support::kBounded;
using test_support::Program;
using test_support::ProgramEnd;
using testing::HasSubstr;

class Serving {
 public:
  explicit Serving(const std::string& settings)
      : host_(settings),
        program_(host_.arguments({"run", "--status", "127.0.0.1:0", "M"}),
                 HostProgram::environment()) {
    EXPECT_TRUE(program_.wait_for_err("status on http://127.0.0.1:", kBounded)) << program_.err();
    EXPECT_TRUE(program_.wait_for_err("/\n", kBounded));
    port_ = port_in(program_.err());
  }

  uint16_t port() const { return port_; }
  Program& program() { return program_; }
  // Asked until the answer has this code.
  std::string comes_to_say(const std::string& path, const std::string& code) const {
    const auto until = std::chrono::steady_clock::now() + kBounded;
    std::string answer = get(port_, path);
    while (code_of(answer) != code && std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      answer = get(port_, path);
    }
    EXPECT_EQ(code_of(answer), code) << answer;
    return body_of(answer);
  }

 private:
  HostProgram host_;
  Program program_;
  uint16_t port_ = 0;
};

TEST(RunStatus, ServesTheHealthOfARunUntilItEnds) {
  Serving serving("total: 25");
  EXPECT_EQ(serving.comes_to_say("/healthz", "200"), "ok\n");
  serving.program().signal(SIGTERM);
  const auto end = serving.program().wait(kBounded);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->exit_code, 0) << end->err;
}

TEST(RunStatus, SaysWhyItIsNotWell) {
  Serving serving("total: 25, mood: auth");
  ASSERT_TRUE(serving.program().wait_for_err("stopped: the key is refused", kBounded));
  EXPECT_EQ(
      serving.comes_to_say("/healthz", "503"),
      "count: stopped: the key is refused; check it; nothing is collected until that is mended; it "
      "is tried again every 15 min; a variable is read at the start alone: restart with the right "
      "one, or give {file: PATH}\n");
}

TEST(RunStatus, ATakenAddressEndsItBeforeAnythingIsCollected) {
  const Serving first("total: 25");
  const HostProgram second("total: 25");
  const std::string address = "127.0.0.1:" + std::to_string(first.port());
  const ProgramEnd end = second.run({"run", "--status", address, "M"});
  EXPECT_EQ(end.exit_code, 1);
  EXPECT_THAT(end.err, HasSubstr("--status http://" + address + "/ cannot be served: "));
  EXPECT_THAT(end.err, HasSubstr("Give another port"));
  EXPECT_FALSE(std::filesystem::exists(second.output()));
  EXPECT_FALSE(std::filesystem::exists(second.folder / "host.db"));
}

TEST(RunStatus, OtherMachinesReachItByFlagAlone) {
  const HostProgram host("total: 25");
  ProgramEnd end = host.run({"run", "--once", "--status", "0.0.0.0:0", "M"});
  EXPECT_EQ(end.exit_code, 2);
  EXPECT_THAT(end.err, HasSubstr("--status-remote"));
  end = host.run({"run", "--once", "--status", "0.0.0.0:0", "--status-remote", "M"});
  EXPECT_EQ(end.exit_code, 0) << end.err;
  EXPECT_THAT(end.err, HasSubstr("status on http://0.0.0.0:"));
  end = host.run({"run", "--status", "9090", "M"});
  EXPECT_EQ(end.exit_code, 2);
  EXPECT_THAT(end.err, HasSubstr("such as 127.0.0.1:9090"));
}

}  // namespace
}  // namespace host::status::test
