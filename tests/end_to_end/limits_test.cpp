// The real program at the limits of its machine: a full disk, a limit on files, a folder that
// cannot be written, a state that another host holds. It says what is wrong, commits nothing
// meanwhile, and goes on by itself with each record once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iostream>

#include "tests/end_to_end/program_world.hpp"
#include "tests/host_sim/status/raw_client.hpp"

namespace end_to_end {
namespace {

using test_support::Program;
using testing::HasSubstr;

// A small file system where the test may mount one.
class SmallDisk {
 public:
  explicit SmallDisk(const std::filesystem::path& where) : where_(where) {
    std::filesystem::create_directory(where);
    mounted_ = ::mount("tmpfs", where.c_str(), "tmpfs", 0, "size=1m") == 0;
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(where_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  bool mounted() const { return mounted_; }
  void fill() const {
    if (!mounted_) return;
    std::ofstream ballast(where_ / "ballast", std::ios::binary);
    while (ballast << std::string(4096, '.') << std::flush) continue;
  }
  void free() const { std::filesystem::remove(where_ / "ballast"); }

 private:
  const std::filesystem::path where_;
  bool mounted_;
};

const std::vector<std::string> kWithStatus = {"run", "--status", "127.0.0.1:0", "M"};
constexpr std::filesystem::perms kReadOnly{0555};
constexpr std::filesystem::perms kWritable{0755};

class Limits : public testing::Test {
 protected:
  Limits() { world_.add_history(20); }

  void limit_files(Program& program, rlim_t size) {
    rlimit limit{};
    ASSERT_EQ(::prlimit(program.pid(), RLIMIT_FSIZE, nullptr, &limit), 0);
    limit.rlim_cur = size;
    ASSERT_EQ(::prlimit(program.pid(), RLIMIT_FSIZE, &limit, nullptr), 0);
  }
  void lift_limit(Program& program) { limit_files(program, RLIM_INFINITY); }

  // So far, by the host's own count: the log tells a trouble once.
  static double failures(const Program& program) {
    const std::string metrics =
        host::status::test::get(host::status::test::port_in(program.err()), "/metrics");
    const std::string series = "connector_failures_total{class=\"transient\",pipeline=\"test\"} ";
    const size_t at = metrics.find(series);
    return at == std::string::npos ? 0 : std::stod(metrics.substr(at + series.size()));
  }
  // What failed is tried again, twice and more, and fails again.
  static void expect_fails_again(const Program& program) {
    const double before = failures(program);
    EXPECT_GE(before, 1);
    EXPECT_TRUE(comes_true([&] { return failures(program) >= before + 2; })) << program.err();
  }
  // New records come, the host says `why`, commits nothing, and goes on once `mend` was called.
  void expect_waits_and_goes_on(Program& program, const std::string& why,
                                const std::function<void()>& mend) {
    for (int i = 0; i < 60; ++i) world_.add_event();
    ASSERT_TRUE(program.wait_for_err("test: erroring: ", kBounded));
    ASSERT_TRUE(program.wait_for_err(why, kBounded)) << program.err();
    const auto before = world_.committed();  // some may just have fitted
    EXPECT_THAT(program.err(), HasSubstr("; once that is mended, collection goes on by itself"));
    expect_fails_again(program);
    const auto after = world_.committed();
    EXPECT_EQ(after->records, before->records);
    EXPECT_EQ(after->output, before->output);
    mend();
    // What was written before a commit failed is there already, and is nobody's yet.
    const auto all = static_cast<int64_t>(world_.expected().size());
    EXPECT_TRUE(comes_true([&] { return world_.committed()->records == all; })) << program.err();
    EXPECT_TRUE(world_.comes_to_hold_all()) << program.err();
    expect_is_stopped(program);
  }
  void expect_is_stopped(Program& program) {
    program.signal(SIGTERM);
    const auto end = program.wait(kBounded);
    ASSERT_TRUE(end);
    EXPECT_EQ(end->exit_code, 0) << end->err;
    const auto last = world_.committed();
    ASSERT_TRUE(last);
    EXPECT_EQ(last->records, static_cast<int64_t>(world_.expected().size()));
  }

  ProgramWorld world_;
};

TEST_F(Limits, OfAFileOnTheOutputAreWaitedOut) {
  // Larger than the state's log gets, or the limit would hit that first.
  const std::string operators_own(8 << 20, '.');
  test_support::write_file(world_.output, operators_own + "\n");
  const auto program = world_.start(kWithStatus);
  ASSERT_TRUE(comes_true([&] { return world_.lines().size() == 21; })) << program->err();
  limit_files(*program, std::filesystem::file_size(world_.output) + 1000);
  for (int i = 0; i < 60; ++i) world_.add_event();
  ASSERT_TRUE(program->wait_for_err(
      "out.ndjson: cannot be written (File too large); make room on its disk, "
      "or raise the limit of a file's size (ulimit -f); once that is "
      "mended, collection goes on by itself",
      kBounded))
      << program->err();
  expect_fails_again(*program);
  EXPECT_EQ(world_.committed()->records, 20);
  lift_limit(*program);
  std::vector<std::string> expected = world_.expected();
  expected.insert(expected.begin(), operators_own);
  EXPECT_TRUE(comes_true([&] { return world_.lines() == expected; })) << program->err();
  expect_is_stopped(*program);
}

TEST_F(Limits, OfAFileOnTheStateAreWaitedOut) {
  const auto program = world_.start(kWithStatus);
  ASSERT_TRUE(world_.comes_to_hold_all()) << program->err();
  ASSERT_TRUE(comes_true([&] { return world_.committed()->records == 20; }));
  limit_files(*program, std::filesystem::file_size(world_.state.string() + "-wal") + 100);
  expect_waits_and_goes_on(*program, "host.db: disk I/O error (File too large)",
                           [&] { lift_limit(*program); });
}

// Where mounting is not allowed a limit on files stands in, which is refused at the same calls.
class FullDisk : public Limits {
 protected:
  FullDisk() {
    if (!disk_.mounted())
      std::cout << "no file system can be mounted here: a limit on files stands in\n";
  }
  void fill(Program& program, const std::filesystem::path& file) {
    if (!disk_.mounted()) return limit_files(program, std::filesystem::file_size(file) + 100);
    disk_.fill();
  }
  void free(Program& program) { disk_.mounted() ? disk_.free() : lift_limit(program); }
  std::string either(const std::string& full, const std::string& limited) const {
    return disk_.mounted() ? full : limited;
  }

  const SmallDisk disk_{world_.folder / "disk"};
};

TEST_F(FullDisk, OnTheOutputIsWaitedOut) {
  world_.output_yaml = "{type: file, path: disk/out.ndjson}";
  world_.output = world_.folder / "disk/out.ndjson";
  const auto program = world_.start(kWithStatus);
  ASSERT_TRUE(world_.comes_to_hold_all()) << program->err();
  ASSERT_TRUE(comes_true([&] { return world_.committed()->records == 20; }));
  fill(*program, world_.output);
  expect_waits_and_goes_on(
      *program,
      either("disk/out.ndjson: cannot be written (No space left on device)", "(File too large)"),
      [&] { free(*program); });
}

TEST_F(FullDisk, OnTheStateIsWaitedOut) {
  world_.state_yaml = "disk/host.db";
  world_.state = world_.folder / "disk/host.db";
  const auto program = world_.start(kWithStatus);
  ASSERT_TRUE(world_.comes_to_hold_all()) << program->err();
  ASSERT_TRUE(comes_true([&] { return world_.committed()->records == 20; }));
  fill(*program, world_.state.string() + "-wal");
  expect_waits_and_goes_on(*program,
                           either("disk/host.db: database or disk is full", "(File too large)"),
                           [&] { free(*program); });
}

TEST_F(FullDisk, WhenTheHostStartsIsWaitedOut) {
  if (!disk_.mounted()) std::filesystem::permissions(world_.folder / "disk", kReadOnly);
  world_.state_yaml = "disk/host.db";
  world_.state = world_.folder / "disk/host.db";
  disk_.fill();
  const auto program = world_.start_unprivileged({"run", "M"});
  ASSERT_TRUE(program->wait_for_err("stands by until the state can be had: ", kBounded))
      << program->err();
  EXPECT_THAT(program->err(),
              HasSubstr(either("(No space left on device)", "(Permission denied)")));
  EXPECT_EQ(world_.server().log().count(), 0U) << "without a state nothing is asked";
  disk_.free();
  std::filesystem::permissions(world_.folder / "disk", kWritable);
  EXPECT_TRUE(world_.comes_to_hold_all()) << program->err();
  expect_is_stopped(*program);
}

// Root may write everywhere, so the host runs without that privilege.
TEST_F(Limits, OfAFolderThatCannotBeWrittenAreWaitedOut) {
  for (const char* place : {"for_state", "for_output"}) {
    std::filesystem::create_directory(world_.folder / place);
    std::filesystem::permissions(world_.folder / place, kReadOnly);
  }
  world_.state_yaml = "for_state/host.db";
  world_.state = world_.folder / "for_state/host.db";
  world_.output_yaml = "{type: file, path: for_output/out.ndjson}";
  world_.output = world_.folder / "for_output/out.ndjson";
  const auto program = world_.start_unprivileged({"run", "M"});
  ASSERT_TRUE(program->wait_for_err(
      "stands by until the state can be had: " + world_.state.string() +
          ".lock: cannot be opened (Permission denied); let this user write to it and to its "
          "folder, or give another path\n",
      kBounded))
      << program->err();
  std::filesystem::permissions(world_.folder / "for_state", kWritable);
  ASSERT_TRUE(program->wait_for_err("test: erroring: " + world_.output.parent_path().string() +
                                        ": the folder cannot be written to (Permission denied); "
                                        "see that it is a folder which the host's user may write "
                                        "to, or give another path; trying again in 1 s",
                                    kBounded))
      << program->err();
  EXPECT_FALSE(world_.committed());
  std::filesystem::permissions(world_.folder / "for_output", kWritable);
  EXPECT_TRUE(world_.comes_to_hold_all()) << program->err();
  expect_is_stopped(*program);
}

TEST_F(Limits, OfAStateThatAnotherHostHoldsAreWaitedOut) {
  const auto first = world_.start({"run", "M"});
  ASSERT_TRUE(world_.comes_to_hold_all()) << first->err();
  const auto second = world_.start({"run", "M"});
  ASSERT_TRUE(second->wait_for_err(
      "stands by until the state can be had: " + world_.state.string() +
          ": is in use by another host (process " + std::to_string(first->pid()) + ")",
      kBounded))
      << second->err();
  EXPECT_EQ(world_.run({"run", "--once", "M"}).exit_code, 1) << "a run that ends does not wait";
  first->signal(SIGKILL);
  ASSERT_TRUE(second->wait_for_err("test: running", kBounded)) << second->err();
  world_.add_event();
  EXPECT_TRUE(world_.comes_to_hold_all()) << second->err();
  expect_is_stopped(*second);
}

TEST_F(Limits, OfAStateThatAnotherHostHoldsDoNotKeepAHostFromStopping) {
  const auto first = world_.start({"run", "M"});
  ASSERT_TRUE(world_.comes_to_hold_all()) << first->err();
  const auto second = world_.start({"run", "M"});
  ASSERT_TRUE(second->wait_for_err("is in use by another host", kBounded)) << second->err();
  second->signal(SIGTERM);
  const auto end = second->wait(kBounded);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->exit_code, 0) << end->err;
}

}  // namespace
}  // namespace end_to_end
