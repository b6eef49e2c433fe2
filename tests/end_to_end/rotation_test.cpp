// A secret is rotated while the host runs: a changed file is picked up without a restart, also by
// an input that had stopped for it; a variable cannot change, and that is told.
#include <cstdlib>

#include "tests/end_to_end/world.hpp"

namespace end_to_end {
namespace {

constexpr const char* kNew = "AIK_SECRET_rotated";
constexpr const char* kStopped = "test: stopped: Aikido's token endpoint at ";

class Rotation : public testing::Test {
 protected:
  Rotation() {
    world_.settings["backfill_start_time"] = "-2d";
    world_.add_history(300, kDay);
    world_.add_stream(world_.clock().now_ns(), 4 * kHour, 2, {.late_fraction = 0.2});
  }
  // As the vendor does it: the old one is refused from now on, with all tokens of it.
  void rotate_at_the_server() {
    world_.server().credentials().change("AIK_CLIENT_test",
                                         [](fake_aikido::Client& client) { client.secret = kNew; });
    world_.server().credentials().drop_tokens();
  }
  // As a secret store does it: another file takes the place of the old one.
  void rotate_the_file() {
    const auto next = world_.folder() / "secret.new";
    test_support::write_file(next, kNew);
    std::filesystem::permissions(next, std::filesystem::perms(0600));
    std::filesystem::rename(next, world_.secret());
  }
  size_t refused() { return world_.server().log().count(Kind::kToken, 401); }
  // The first token that was given at or after that moment.
  std::optional<int64_t> token_after(int64_t time_ns) {
    for (const auto& entry : world_.server().log().entries())
      if (entry.asked.kind == Kind::kToken && entry.status == 200 && entry.asked.time_ns >= time_ns)
        return entry.asked.time_ns;
    return std::nullopt;
  }
  void expect_complete_in_the_end() {
    world_.down_for(2 * kHour);
    ASSERT_EQ(world_.run_once(), 0) << world_.log();
    EXPECT_TRUE(is_complete(world_));
    EXPECT_GT(world_.lines().size(), 700U);
  }

  World world_;
  const int64_t begin_ns_ = world_.clock().now_ns();
};

TEST_F(Rotation, OfBothAtOnceIsNotEvenNoticed) {
  world_.clock().at(begin_ns_ + kHour, [this] {
    rotate_at_the_server();
    rotate_the_file();
  });
  world_.run_for(3 * kHour);
  EXPECT_EQ(refused(), 0U);
  EXPECT_TRUE(token_after(begin_ns_ + kHour));
  EXPECT_EQ(world_.log().find("stopped"), std::string::npos) << world_.log();
  EXPECT_EQ(world_.log().find("erroring"), std::string::npos) << world_.log();
  expect_complete_in_the_end();
}

// Not at the next quarter of an hour: within the seconds that it takes to look at the file.
TEST_F(Rotation, OfTheFileLaterResumesAtOnce) {
  const int64_t rotated_ns = begin_ns_ + kHour + 7 * kMinute;
  world_.clock().at(begin_ns_ + kHour, [this] { rotate_at_the_server(); });
  world_.clock().at(rotated_ns, [this] { rotate_the_file(); });
  world_.run_for(3 * kHour);
  EXPECT_NE(world_.log().find(kStopped), std::string::npos) << world_.log();
  EXPECT_EQ(refused(), 1U) << "the old secret was tried once";
  const auto token_ns = token_after(rotated_ns);
  ASSERT_TRUE(token_ns);
  EXPECT_LE(*token_ns - rotated_ns, 10 * kSecond);
  EXPECT_EQ(world_.log().find(kNew), std::string::npos);
  expect_complete_in_the_end();
}

TEST_F(Rotation, OfTheFileFirstIsTriedAgainUntilTheServerFollows) {
  world_.clock().at(begin_ns_ + kHour, [this] {
    rotate_the_file();
    world_.server().credentials().drop_tokens();
  });
  world_.clock().at(begin_ns_ + kHour + 40 * kMinute, [this] { rotate_at_the_server(); });
  world_.run_for(3 * kHour);
  EXPECT_NE(world_.log().find(kStopped), std::string::npos) << world_.log();
  EXPECT_GE(refused(), 1U);
  EXPECT_LE(refused(), 4U) << "at once, and then every quarter of an hour";
  const auto token_ns = token_after(begin_ns_ + kHour + 40 * kMinute);
  ASSERT_TRUE(token_ns);
  EXPECT_LE(*token_ns - (begin_ns_ + kHour + 40 * kMinute), 16 * kMinute);
  expect_complete_in_the_end();
}

TEST_F(Rotation, OfAVariableStopsAndIsTold) {
  ::setenv("ROTATION_TEST_SECRET", kSecret.data(), 1);
  world_.secrets_yaml = "{client_secret: {env: ROTATION_TEST_SECRET}}";
  world_.clock().at(begin_ns_ + kHour, [this] { rotate_at_the_server(); });
  world_.run_for(3 * kHour);
  EXPECT_NE(world_.log().find(kStopped), std::string::npos) << world_.log();
  EXPECT_NE(world_.log().find("neither rotated nor revoked or expired"), std::string::npos);
  EXPECT_GE(refused(), 7U) << "a quarter of an hour apart for two hours";
  EXPECT_LE(refused(), 9U);
  EXPECT_EQ(world_.statuses().at(0).health, host::PipelineHealth::kStopped);
  rotate_the_file();
  world_.secrets_yaml = "{client_secret: {file: secret}}";
  expect_complete_in_the_end();
}

}  // namespace
}  // namespace end_to_end
