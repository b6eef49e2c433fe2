// A state is believed only when it is whole, ours and of a version that is known; a first run is
// one only where nothing was.
#include "host_sim/state_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <random>

#include "tests/host_sim/state_fixture.hpp"
#include "tests/support/files.hpp"
#include "tests/support/synced_files.hpp"

namespace host {
namespace {

using test::some_state;
using test_support::read_file;
using test_support::TemporaryFolder;
using test_support::write_file;
using testing::HasSubstr;

class StateStoreTest : public test::StateFixture {
 protected:
  StateStoreTest() : StateFixture("deep/er/host.db") {}

  void expect_refused(const std::string& why, Status status = Status::kCheckpoint) {
    for (const bool to_look : {false, true}) {
      const auto store = to_look ? StateStore::open_to_look(path_) : StateStore::open(path_);
      ASSERT_FALSE(store) << why;
      EXPECT_EQ(store.error().status, status);
      EXPECT_THAT(store.error().text, HasSubstr(path_.string()));
      EXPECT_THAT(store.error().text, HasSubstr(why));
    }
  }
  void execute(const char* sql) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(path_.c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, sql, nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(database);
  }
};

TEST_F(StateStoreTest, WhatWasCommittedIsThereAgainByteForByte) {
  {
    const auto store = opened();
    EXPECT_TRUE(store->first_run());
    EXPECT_TRUE(store->commit({{"a", some_state()}, {"b", PipelineState{.plugin = "p"}}}));
  }
  const auto store = opened();
  EXPECT_FALSE(store->first_run());
  EXPECT_EQ(*store->pipelines(),
            (PipelineStates{{"a", some_state()}, {"b", PipelineState{.plugin = "p"}}}));
  EXPECT_EQ(**store->pipeline("a"), some_state());
  EXPECT_FALSE(store->pipeline("c")->has_value());
}

TEST_F(StateStoreTest, WhatIsToBeDurableNowIsAndTheRestWaits) {
  const auto store = opened();
  const std::filesystem::path log = path_.string() + "-wal";
  const auto waits = [&] {
    return test_support::synced_bytes(log) < static_cast<int64_t>(std::filesystem::file_size(log));
  };
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(store->commit({{"a", some_state()}}, {}, StateStore::Sync::kNow));
    EXPECT_FALSE(waits()) << i;
    EXPECT_TRUE(store->commit({{"a", some_state()}}, {}, StateStore::Sync::kLater));
    EXPECT_TRUE(waits()) << i;
  }
}

TEST_F(StateStoreTest, OnlyItsOwnerCanReadIt) {
  make();
  struct stat about {};
  for (const char* suffix : {"", ".lock"}) {
    ASSERT_EQ(::stat((path_.string() + suffix).c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777, 0600u) << suffix;
  }
}

TEST_F(StateStoreTest, ASecondHostIsTurnedAwayAndReadersAreNot) {
  const auto first = opened();
  ASSERT_TRUE(first->commit({{"a", some_state()}}));
  const auto second = StateStore::open(path_);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().text,
              HasSubstr("is in use by another host (process " + std::to_string(::getpid()) + ")"));
  const auto reader = StateStore::open_to_look(path_);
  ASSERT_TRUE(reader) << reader.error().text;
  EXPECT_EQ((*reader)->pipelines()->size(), 1u);
}

TEST_F(StateStoreTest, WithoutAStateThereIsNothingToLookAt) {
  const auto none = StateStore::open_to_look(path_);
  ASSERT_TRUE(none);
  EXPECT_EQ(*none, nullptr);
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(StateStoreTest, OnlyARegularFileWillDo) {
  std::filesystem::create_directories(path_.parent_path());
  write_file(folder_ / "target", "somebody's");
  std::filesystem::create_symlink(folder_ / "target", path_);
  expect_refused("is no regular file", Status::kConfig);
  std::filesystem::remove(path_);
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  expect_refused("is no regular file", Status::kConfig);
  std::filesystem::remove(path_);
  std::filesystem::create_directory(path_);
  expect_refused("is no regular file", Status::kConfig);
  std::filesystem::remove(path_);
  std::filesystem::remove(path_.string() + ".lock");
  std::filesystem::create_symlink(folder_ / "target", path_.string() + ".lock");
  EXPECT_FALSE(StateStore::open(path_)) << "not even its lock may be a link";
  EXPECT_EQ(read_file(folder_ / "target"), "somebody's");
}

// Operators keep their folders behind links.
TEST_F(StateStoreTest, AFolderMayBeALink) {
  std::filesystem::create_directory(folder_ / "disk");
  std::filesystem::create_directory_symlink("disk", folder_ / "deep");
  std::filesystem::create_directory(folder_ / "disk/er");
  make();
  const auto store = StateStore::open_to_look(path_);
  ASSERT_TRUE(store) << store.error().text;
  EXPECT_EQ((*store)->pipelines()->size(), 1u);
  EXPECT_TRUE(std::filesystem::exists(folder_ / "disk/er/host.db"));
}

// A full disk is no damage: nobody may be told to remove a good state.
TEST_F(StateStoreTest, WhatIsWrongWithThePlaceAlonePasses) {
  make();
  const std::string whole = read_file(path_);
  const auto before = std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit{};
  ::getrlimit(RLIMIT_FSIZE, &limit);
  const rlimit tight{0, limit.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &tight);
  const auto store = StateStore::open(path_);
  ::setrlimit(RLIMIT_FSIZE, &limit);
  std::signal(SIGXFSZ, before);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().status, Status::kTransient);
  EXPECT_THAT(store.error().text, HasSubstr("File too large"));
  EXPECT_THAT(store.error().text, testing::Not(HasSubstr("remove")));
  EXPECT_EQ(read_file(path_), whole);
  EXPECT_EQ(opened()->pipelines()->size(), 1u);
}

TEST_F(StateStoreTest, AnEmptyFileIsALostState) {
  make();
  std::filesystem::resize_file(path_, 0);
  expect_refused("is empty, where a state was; restore it from a copy");
  EXPECT_EQ(std::filesystem::file_size(path_), 0u);
}

TEST_F(StateStoreTest, AMissingFileIsALostStateWhenThereWasOne) {
  make();
  std::filesystem::remove(path_);
  expect_refused("is missing, but a host has written one");
  std::filesystem::remove(path_.string() + ".lock");
  EXPECT_TRUE(opened()->first_run()) << "the remedy of the message works";
}

TEST_F(StateStoreTest, ALogWithoutItsStateIsNotAppliedToANewOne) {
  make();
  std::filesystem::remove(path_);
  std::filesystem::remove(path_.string() + ".lock");
  write_file(path_.string() + "-wal", "left over");
  expect_refused("host.db-wal of one is there");
}

TEST_F(StateStoreTest, ForeignAndLaterFilesAreRefused) {
  make();
  execute("PRAGMA user_version = 4");
  expect_refused("was written by a later version (schema 4, this one knows 3); run that version");
  execute("PRAGMA user_version = 3; PRAGMA application_id = 5");
  expect_refused("is a database of another program");
  write_file(path_, std::string(8192, 'x'));
  expect_refused("is damaged, or no state of a host");
}

TEST_F(StateStoreTest, AFileThatWasCutAnywhereIsRefused) {
  make();
  const std::string whole = read_file(path_);
  for (size_t size = 1; size < whole.size(); size += size < 200 ? 37 : 1021) {
    write_file(path_, whole.substr(0, size));
    const auto store = StateStore::open(path_);
    EXPECT_FALSE(store) << "cut to " << size << " of " << whole.size();
  }
}

// The digest of a row: what SQLite does not notice must not become another position.
TEST_F(StateStoreTest, AByteThatChangedAnywhereIsNoticedOrWithoutEffect) {
  make();
  const std::string whole = read_file(path_);
  std::mt19937 random(1);
  int noticed = 0;
  for (size_t at = 0; at < whole.size(); at += 1 + random() % 23) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << (random() % 8)));
    write_file(path_, damaged);
    const auto store = StateStore::open(path_);
    const auto states = store ? (*store)->pipelines() : Result<PipelineStates>(store.error());
    noticed += !states;
    if (!states) continue;
    EXPECT_EQ(*states, (PipelineStates{{"a", some_state()}})) << "byte " << at;
  }
  EXPECT_GT(noticed, 10);
}

TEST_F(StateStoreTest, ADamagedRowCanStillBeForgotten) {
  make();
  execute("UPDATE pipelines SET output_position = 1");
  const auto store = opened();
  ASSERT_FALSE(store->pipeline("a"));
  EXPECT_THAT(store->pipeline("a").error().text, HasSubstr("state reset MANIFEST a"));
  EXPECT_EQ(*store->names(), std::vector<std::string>{"a"});
  EXPECT_TRUE(store->replace({"a"}, {}));
  EXPECT_TRUE(store->names()->empty());
}

TEST_F(StateStoreTest, ThePaceIsBelievedAfterACleanEndAlone) {
  EXPECT_TRUE(opened()->begin_run()->clean_end) << "nothing was asked before a first run";
  {
    const auto store = opened();
    EXPECT_FALSE(store->begin_run()->clean_end);
    EXPECT_TRUE(store->end_run({{"key", 42}}, {}, true));
  }
  const auto last = opened()->begin_run();
  EXPECT_TRUE(last->clean_end);
  EXPECT_EQ(last->next_slots_ns, (std::map<std::string, int64_t>{{"key", 42}}));
}

TEST_F(StateStoreTest, ItIsKnownWhoWroteBehindEachPosition) {
  make();
  EXPECT_EQ((*opened()->pipeline("a"))->ours_until, kAllIsOurs) << "it may still be writing";
  {
    const auto store = opened();
    EXPECT_TRUE(store->begin_run());
    EXPECT_TRUE(store->end_run({}, {{"a", 7}, {"without a commit", 0}}, false));
    EXPECT_EQ(store->names()->size(), 1u);
  }
  const auto store = opened();
  EXPECT_FALSE(store->begin_run()->clean_end);
  EXPECT_EQ((*store->pipeline("a"))->ours_until, 7);
}

TEST_F(StateStoreTest, AHoldOutlivesACrash) {
  {
    const auto store = opened();
    EXPECT_TRUE(store->begin_run());
    EXPECT_TRUE(store->keep_slots({{"key", 42}}));
  }
  const auto last = opened()->begin_run();
  EXPECT_FALSE(last->clean_end);
  EXPECT_EQ(last->next_slots_ns, (std::map<std::string, int64_t>{{"key", 42}}));
}

}  // namespace
}  // namespace host
