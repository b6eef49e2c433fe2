// A healthy state that cannot be read or written at the moment is not called damaged, and the
// remedy of one that is works to the letter.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <sstream>

#include "host_sim/state_store.hpp"
#include "tests/support/files.hpp"
#include "tests/support/synced_files.hpp"

namespace host {
namespace {

using test_support::TemporaryFolder;
using testing::HasSubstr;
using testing::Not;

namespace fs = std::filesystem;

// Somebody who may not do everything. One thread.
class AnotherUser {
 public:
  AnotherUser() { EXPECT_TRUE(!root_ || ::seteuid(65534) == 0); }
  ~AnotherUser() { EXPECT_TRUE(!root_ || ::seteuid(0) == 0); }

 private:
  const bool root_ = ::geteuid() == 0;
};

// What every write of SQLite meets while it lives.
class FullDisk {
 public:
  FullDisk() {
    for (const char* call : {"write", "pwrite", "pwrite64"}) {
      before_[call] = vfs_->xGetSystemCall(vfs_, call);
      if (before_[call]) set(call, reinterpret_cast<sqlite3_syscall_ptr>(no_room));
    }
  }
  ~FullDisk() {
    for (const auto& [call, function] : before_)
      if (function) set(call.c_str(), function);
  }

 private:
  static ssize_t no_room() {
    errno = ENOSPC;
    return -1;
  }
  void set(const char* call, sqlite3_syscall_ptr function) {
    EXPECT_EQ(vfs_->xSetSystemCall(vfs_, call, function), SQLITE_OK);
  }

  sqlite3_vfs* const vfs_ = sqlite3_vfs_find(nullptr);
  std::map<std::string, sqlite3_syscall_ptr> before_;
};

class StateTrouble : public testing::Test {
 protected:
  void SetUp() override {
    fs::permissions(folder_.path(), fs::perms(0755));
    fs::create_directory(path_.parent_path());
    const auto store = StateStore::open(path_);
    ASSERT_TRUE(store) << store.error().text;
    ASSERT_TRUE((*store)->commit({{"a", PipelineState{.plugin = "p", .records = 25}}}));
  }
  void TearDown() override { fs::permissions(path_.parent_path(), fs::perms(0755)); }

  // Neither damaged nor to be deleted.
  static void expect_trouble(const Result<std::unique_ptr<StateStore>>& store,
                             const std::string& remedy) {
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().status, Status::kTransient);
    EXPECT_THAT(store.error().text, HasSubstr(remedy));
    EXPECT_THAT(store.error().text, Not(HasSubstr("damaged")));
    EXPECT_THAT(store.error().text, Not(HasSubstr("remove")));
  }
  // As after a kill: with the log that was not yet folded into the file.
  void leave_as_after_a_kill() {
    const fs::path kept = folder_ / "kept";
    {
      const auto store = StateStore::open(path_);
      ASSERT_TRUE((*store)->commit({{"a", PipelineState{.plugin = "p", .records = 26}}}));
      fs::copy(path_.parent_path(), kept);
    }
    fs::remove_all(path_.parent_path());
    fs::rename(kept, path_.parent_path());
    ASSERT_TRUE(fs::exists(path_.string() + "-wal"));
  }

  TemporaryFolder folder_;
  const fs::path path_ = folder_ / "state/host.db";
};

TEST_F(StateTrouble, AFullDiskWantsRoom) {
  {
    const FullDisk full;
    expect_trouble(StateStore::open_to_look(path_), "; make room on its disk");
    expect_trouble(StateStore::open(path_), "; make room on its disk");
  }
  const auto store = StateStore::open(path_);
  ASSERT_TRUE(store) << store.error().text;
  EXPECT_EQ((**(*store)->pipeline("a")).records, 25);
}

TEST_F(StateTrouble, AFolderThatCannotBeWrittenIsReadAndNotRun) {
  fs::permissions(path_, fs::perms(0644));
  fs::permissions(path_.string() + ".lock", fs::perms(0666));
  fs::permissions(path_.parent_path(), fs::perms(0555));
  const AnotherUser user;
  expect_trouble(StateStore::open(path_), "; let this user write to it and to its folder");
  const auto look = StateStore::open_to_look(path_);
  ASSERT_TRUE(look) << look.error().text;
  EXPECT_EQ((**(*look)->pipeline("a")).records, 25);
}

TEST_F(StateTrouble, AFileThatCannotBeReadIsAMatterOfRights) {
  fs::permissions(path_, ::geteuid() == 0 ? fs::perms(0600) : fs::perms(0));
  const AnotherUser user;
  expect_trouble(StateStore::open_to_look(path_), "; let this user write to it and to its folder");
}

TEST_F(StateTrouble, ALookByWhoCannotWriteLeavesNothingBesideTheFile) {
  fs::permissions(path_.parent_path(), fs::perms::all);
  fs::permissions(path_, fs::perms(0444));
  {
    const AnotherUser user;
    const auto store = StateStore::open_to_look(path_);
    ASSERT_TRUE(store) << store.error().text;
    EXPECT_THAT(*(*store)->names(), testing::ElementsAre("a"));
  }
  for (const char* end : {"-wal", "-shm"}) EXPECT_FALSE(fs::exists(path_.string() + end)) << end;
  fs::permissions(path_, fs::perms(0600));
  EXPECT_TRUE(StateStore::open(path_));
}

TEST_F(StateTrouble, ADeviceIsLeftAlone) {
  for (const auto& store : {StateStore::open("/dev/null"), StateStore::open_to_look("/dev/null")}) {
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().status, Status::kConfig);
    EXPECT_EQ(
        store.error().text,
        "/dev/null: is no regular file; give a `state` that is one, or that is not there yet");
  }
  EXPECT_FALSE(fs::exists("/dev/null.lock"));
}

TEST_F(StateTrouble, AFileOfTwoNamesIsUsedByNeither) {
  const fs::path other = path_.parent_path() / "other.db";
  fs::create_hard_link(path_, other);
  for (const fs::path& name : {path_, other}) {
    const auto store = StateStore::open(name);
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().status, Status::kConfig);
    EXPECT_EQ(store.error().text,
              name.string() +
                  ": has 2 names (hard links), and hosts that use it by different ones "
                  "would destroy it; remove the other names, or give this manifest a "
                  "`state` of its own");
  }
  EXPECT_FALSE(fs::exists(other.string() + ".lock"));
  fs::remove(other);
  EXPECT_TRUE(StateStore::open(path_));
}

// SQLite would go on writing to the file that no later run finds.
TEST_F(StateTrouble, AFileThatIsNotInItsPlaceTakesNoCommitUntilItIsBack) {
  const auto store = StateStore::open(path_);
  ASSERT_TRUE(store) << store.error().text;
  const PipelineStates more{{"a", PipelineState{.plugin = "p", .records = 26}}};
  const auto expect_refused = [&] {
    for (const auto sync : {StateStore::Sync::kNow, StateStore::Sync::kLater}) {
      const Result<void> committed = (*store)->commit(more, {}, sync);
      ASSERT_FALSE(committed);
      EXPECT_EQ(committed.error().status, Status::kTransient);
      EXPECT_EQ(committed.error().text,
                path_.string() +
                    ": the state file was removed or replaced while the host runs; "
                    "put it back, or restart the host");
    }
    EXPECT_EQ((**(*store)->pipeline("a")).records, 25);
  };
  const fs::path away = folder_ / "away.db";
  fs::rename(path_, away);
  expect_refused();
  fs::copy(away, path_);
  expect_refused();
  fs::rename(away, path_);
  EXPECT_TRUE((*store)->commit(more));
  EXPECT_EQ((**(*store)->pipeline("a")).records, 26);
}

// Two hosts that go on would deliver everything twice.
TEST_F(StateTrouble, WhoseLockWasTakenAwayCommitsNothingMore) {
  const PipelineStates more{{"a", PipelineState{.plugin = "p", .records = 26}}};
  const auto first = StateStore::open(path_);
  ASSERT_TRUE(first) << first.error().text;
  fs::remove(path_.string() + ".lock");
  const auto second = StateStore::open(path_);
  ASSERT_TRUE(second) << second.error().text;
  for (const auto sync : {StateStore::Sync::kNow, StateStore::Sync::kLater}) {
    const Result<void> committed = (*first)->commit(more, {}, sync);
    ASSERT_FALSE(committed);
    EXPECT_EQ(committed.error().status, Status::kTransient);
    EXPECT_EQ(committed.error().text,
              path_.string() +
                  ".lock: was removed or replaced while the host runs, and another host may use "
                  "the state by now; end them all, and start one");
  }
  EXPECT_TRUE((*second)->commit(more));
}

// Word by word, as an operator would.
TEST_F(StateTrouble, TheRemedyOfADamagedStateWorksAfterAKill) {
  leave_as_after_a_kill();
  test_support::write_file(path_, std::string(8192, 'x'));
  const auto store = StateStore::open(path_);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().status, Status::kCheckpoint);
  const std::string& text = store.error().text;
  const std::string remedy = "remove those of these files that are there: ";
  ASSERT_THAT(text, HasSubstr(remedy));
  std::istringstream names(text.substr(text.find(remedy) + remedy.size()));
  for (std::string name; names >> name;) fs::remove(path_.parent_path() / name);
  EXPECT_TRUE(fs::is_empty(path_.parent_path()));
  const auto anew = StateStore::open(path_);
  ASSERT_TRUE(anew) << anew.error().text;
  EXPECT_TRUE((*anew)->first_run());
}

TEST_F(StateTrouble, AKillAloneLosesNothing) {
  leave_as_after_a_kill();
  const auto store = StateStore::open(path_);
  ASSERT_TRUE(store) << store.error().text;
  EXPECT_EQ((**(*store)->pipeline("a")).records, 26);
}

// Of the one pipeline of the state at `path`, where the process that has it open dies now.
int64_t records_after_a_crash(const fs::path& path) {
  const TemporaryFolder there;
  for (const char* part : {"", "-wal"})
    fs::copy_file(path.string() + part, (there / "host.db").string() + part);
  const auto store = StateStore::open(there / "host.db");
  EXPECT_TRUE(store) << store.error().text;
  return (*(*store)->pipeline("a"))->records;
}

// A disk that fails at the sync has mostly taken the bytes all the same.
TEST(StateSync, ACommitThatFailedAtItIsNotBroughtBackByACrash) {
  const TemporaryFolder folder;
  const fs::path path = folder / "host.db";
  const auto store = *StateStore::open(path);
  ASSERT_TRUE(store->commit({{"a", {.plugin = "p", .records = 1}}}));
  test_support::fail_syncs("-wal", 1);
  ASSERT_FALSE(store->commit({{"a", {.plugin = "p", .records = 2}}}));
  EXPECT_EQ(records_after_a_crash(path), 2) << "what there is to bury";
  EXPECT_EQ((*store->pipeline("a"))->records, 1);
  EXPECT_EQ(records_after_a_crash(path), 1);
}

}  // namespace
}  // namespace host
