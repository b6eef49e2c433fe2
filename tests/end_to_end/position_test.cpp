// A position belongs to its host root, filters and client id, and to its output: what does not fit
// is refused with the remedy, and the output is not touched.
#include "tests/end_to_end/world.hpp"

namespace end_to_end {
namespace {

class Position : public testing::Test {
 protected:
  Position() {
    world_.settings["backfill_start_time"] = "-10d";
    world_.add_history(400, 9 * kDay);
    EXPECT_EQ(world_.run_once(), 0) << world_.log();
    before_ = test_support::read_file(world_.output());
    world_.add_event(world_.clock().now_ns());
    world_.down_for(kMinute);
  }

  void expect_refused(std::initializer_list<std::string_view> words) {
    EXPECT_EQ(world_.run_once(), 1);
    for (const std::string_view word : words)
      EXPECT_NE(world_.log().find(word), std::string::npos) << word << "\n" << world_.log();
    EXPECT_EQ(test_support::read_file(world_.output()), before_);
  }

  World world_;
  std::string before_;
};

TEST_F(Position, WithAnotherFilterIsRefused) {
  world_.settings["actions"] = "[ignored]";
  expect_refused(
      {"begin anew with a `state reset` of this pipeline",
       "`replaces_client_id` does where only the credentials of the same workspace changed"});
  world_.settings.erase("actions");
  EXPECT_EQ(world_.run_once(), 0) << world_.log();
  EXPECT_TRUE(is_complete(world_));
}

TEST_F(Position, OfAnotherHostRootIsRefused) {
  world_.settings["base_url"] = "http://127.0.0.2:" + std::to_string(world_.server().port());
  expect_refused(
      {"begin anew with a `state reset` of this pipeline",
       "`replaces_client_id` does where only the credentials of the same workspace changed"});
}

TEST_F(Position, OfAnotherClientIsRefusedUnlessItReplacesTheOld) {
  world_.server().credentials().add(
      {.id = "AIK_CLIENT_new", .secret = std::string(kSecret), .workspace = "workspace"});
  world_.settings["client_id"] = "AIK_CLIENT_new";
  expect_refused({"made with client_id AIK_CLIENT_test",
                  "set `replaces_client_id` to the former one",
                  "or begin anew with a `state reset` of this pipeline"});
  world_.settings["replaces_client_id"] = "AIK_CLIENT_test";
  ASSERT_EQ(world_.run_once(), 0) << world_.log();
  EXPECT_TRUE(is_complete(world_));
  EXPECT_EQ(world_.metric("requests_total", "kind=backfill"), 0) << "the position was lost";
}

TEST_F(Position, IsNotChangedByALaterBackfillStart) {
  world_.settings["backfill_start_time"] = "-5d";
  ASSERT_EQ(world_.run_once(), 0) << world_.log();
  EXPECT_TRUE(is_complete(world_));
  EXPECT_NE(world_.log().find("backfill_start_time was "), std::string::npos) << world_.log();
}

TEST_F(Position, InADamagedStateIsRefused) {
  const std::string whole = test_support::read_file(world_.state());
  ASSERT_GT(whole.size(), 5000U);
  std::string later = whole;
  later[63] = 4;  // the last byte of the header's user_version
  test_support::write_file(world_.state(), later);
  expect_refused({"host.db: was written by a later version (schema 4", "; run that version"});

  std::string damaged = whole;
  for (size_t i = 4096; i < damaged.size(); i += 3)
    damaged[i] = static_cast<char>(damaged[i] ^ 0x5A);
  for (const std::string& bytes : {damaged, whole.substr(0, whole.size() / 2), std::string(),
                                   std::string("not a database at all")}) {
    for (const char* beside : {"-wal", "-shm"})
      std::filesystem::remove(world_.state().string() + beside);
    test_support::write_file(world_.state(), bytes);
    expect_refused({"host.db: ", "; restore it from a copy, give another `state` "});
  }
  test_support::write_file(world_.state(), whole);
  EXPECT_EQ(world_.run_once(), 0) << world_.log();
  EXPECT_TRUE(is_complete(world_));
}

TEST_F(Position, BeyondAShorterOutputIsRefused) {
  test_support::write_file(world_.output(), before_.substr(0, before_.size() / 2));
  before_ = test_support::read_file(world_.output());
  expect_refused({"was cut by somebody else", "move"});
}

TEST(FirstOutput, IsAppendedToAndNeverCut) {
  World world;
  world.settings["backfill_start_time"] = "-10d";
  world.add_history(100, 9 * kDay);
  test_support::write_file(world.output(), "the operator's own line\n");
  ASSERT_EQ(world.run_once(), 0) << world.log();
  std::vector<std::string> expected = world.visible();
  expected.push_back("the operator's own line");
  EXPECT_TRUE(holds_exactly(world, expected));
  EXPECT_EQ(world.lines().front(), "the operator's own line");
}

}  // namespace
}  // namespace end_to_end
