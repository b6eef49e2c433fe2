#include "host_sim/state_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "host_sim/disk_trouble.hpp"
#include "host_sim/folders.hpp"
#include "host_sim/state_reports.hpp"

namespace host {
namespace {

using std::filesystem::path;

constexpr int64_t kFirstSchemaVersion = 1;

// The last page is of a table that is never empty, so that no cut of the file goes unnoticed.
// Nobody looks into the file before it is synced as a whole, so no step of it has to be durable.
std::string schema() {
  return std::string(R"(
  PRAGMA synchronous = OFF;
  PRAGMA journal_mode = MEMORY;
  BEGIN;
  PRAGMA application_id = 1095322451;
  PRAGMA user_version = 3;)") +
         kReportTables + R"(
  CREATE TABLE pipelines(
    name TEXT PRIMARY KEY NOT NULL, plugin TEXT NOT NULL, checkpoint BLOB NOT NULL,
    output_kind TEXT NOT NULL, output_path TEXT NOT NULL, output_device INTEGER NOT NULL,
    output_inode INTEGER NOT NULL, output_born_ns INTEGER NOT NULL,
    output_position INTEGER NOT NULL, ours_until INTEGER NOT NULL, records INTEGER NOT NULL,
    updated_ns INTEGER NOT NULL, digest BLOB NOT NULL) STRICT;
  CREATE TABLE pace(key TEXT PRIMARY KEY NOT NULL, next_slot_ns INTEGER NOT NULL) STRICT;
  CREATE TABLE host(
    clean_end INTEGER NOT NULL, run INTEGER NOT NULL, commits INTEGER NOT NULL) STRICT;
  INSERT INTO host VALUES(1, 0, 0);
  COMMIT;
  PRAGMA journal_mode = WAL;)";  // as a host uses it: to change that later takes five syncs
}

// From an earlier version, all or nothing.
std::string migration(int64_t version) {
  return std::string("BEGIN IMMEDIATE;") + (version < 2 ? kReportTables : "") +
         "ALTER TABLE host ADD COLUMN commits INTEGER NOT NULL DEFAULT 0;"
         "PRAGMA user_version = 3; COMMIT";
}

// For what only deleting or restoring can mend. A log that outlived its state (-wal, after a kill)
// belongs to it.
Error refusal(const path& file, const std::string& what) {
  const std::string name = file.filename().string();
  return {
      Status::kCheckpoint,
      file.string() + ": " + what +
          "; restore it from a copy, give another `state` if this one is not the host's, or, to "
          "begin every pipeline anew, remove those of these files that are there: " +
          name + " " + name + ".lock " + name + "-wal " + name + "-shm " + name + "-journal"};
}

// A failure of SQLite: damage, or something that has nothing to do with what the file holds.
Error failure_of(const path& file, const Error& error) {
  if (error.status != Status::kCheckpoint) return error;
  return refusal(file, "is damaged, or no state of a host (" + error.text + ")");
}

Error system_failure(const path& file, const char* what) {
  const int number = errno;
  return {Status::kTransient, file.string() + ": " + what + " (" +
                                  std::generic_category().message(number) + ")" +
                                  disk_remedy(number)};
}

Error no_file(const path& file) {
  return {
      Status::kConfig,
      file.string() + ": is no regular file; give a `state` that is one, or that is not there yet"};
}

// Each name has a lock and a log of its own, so that two hosts would write at once.
Error several_names(const path& file, nlink_t names) {
  return {Status::kConfig,
          file.string() + ": has " + std::to_string(names) +
              " names (hard links), and hosts that use it by different ones would destroy it; "
              "remove the other names, or give this manifest a `state` of its own"};
}

path beside(const path& file, const char* suffix) {
  path other = file;
  other += suffix;
  return other;
}

// True when the file is there and may be looked into.
Result<bool> check_file(const path& file) {
  struct stat about {};
  if (::lstat(file.c_str(), &about) != 0) {
    if (errno == ENOENT) return false;
    return system_failure(file, "cannot be examined");
  }
  if (!S_ISREG(about.st_mode)) return no_file(file);
  if (about.st_size == 0) return refusal(file, "is empty, where a state was");
  return true;
}

Result<void> check_version(const path& file, Database& database) {
  const Result<int64_t> id = database.integer("PRAGMA application_id");
  if (!id) return failure_of(file, id.error());
  if (*id != kStateApplicationId) return refusal(file, "is a database of another program");
  const Result<int64_t> version = database.integer("PRAGMA user_version");
  if (!version) return failure_of(file, version.error());
  if (*version >= kFirstSchemaVersion && *version <= kStateSchemaVersion) return {};
  return Error{Status::kCheckpoint, file.string() + ": was written by a later version (schema " +
                                        std::to_string(*version) + ", this one knows " +
                                        std::to_string(kStateSchemaVersion) +
                                        "); run that version"};
}

Result<void> check_soundness(const path& file, Database& database) {
  Result<Statement> check = database.prepare("PRAGMA quick_check(1)");
  if (!check) return failure_of(file, check.error());
  const Result<bool> row = check->step();
  if (!row) return failure_of(file, row.error());
  if (!*row || check->text(0) != "ok") return refusal(file, "is damaged (" + check->text(0) + ")");
  return {};
}

Result<Database> checked(const path& file, Result<Database> database) {
  if (!database) return failure_of(file, database.error());
  const Result<void> version = check_version(file, *database);
  if (!version) return version.error();
  const Result<void> sound = check_soundness(file, *database);
  if (!sound) return sound.error();
  return database;
}

// A log of a state that is gone would be applied to the new one.
Result<void> check_nothing_was_lost(const path& file) {
  if (StateLock::state_was_made(file))
    return refusal(file, "is missing, but a host has written one");
  for (const char* suffix : {"-wal", "-shm", "-journal"}) {
    std::error_code ignored;
    if (std::filesystem::exists(beside(file, suffix), ignored))
      return refusal(
          file, "is missing, but " + beside(file, suffix).filename().string() + " of one is there");
  }
  return {};
}

Result<void> fill(const path& file) {
  std::error_code ignored;
  for (const char* suffix : {"", "-journal", "-wal", "-shm"})  // half made before a crash
    std::filesystem::remove(beside(file, suffix), ignored);
  const Descriptor made(::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!made) return system_failure(file, "cannot be created");
  Result<Database> database = Database::open(file);
  if (!database) return database.error();
  Result<void> filled = database->execute_all(schema().c_str());
  if (filled && ::fsync(made.number()) != 0) return system_failure(file, "cannot be made durable");
  return filled;
}

Result<void> migrate(const path& file, Database& database) {
  const Result<int64_t> version = database.integer("PRAGMA user_version");
  if (!version) return failure_of(file, version.error());
  if (*version == kStateSchemaVersion) return {};
  const Result<void> migrated = database.execute_all(migration(*version).c_str());
  return migrated ? migrated : failure_of(file, migrated.error());
}

Result<void> make(const path& file, const CrashPoints& crash_points) {
  const path unfinished = beside(file, ".new");
  crash_points.at("before_state_made");
  Result<void> filled = fill(unfinished);
  if (!filled) return filled;
  crash_points.at("before_state_renamed");
  if (::rename(unfinished.c_str(), file.c_str()) != 0)
    return system_failure(file, "cannot be created");
  return sync_folder(file.parent_path());
}

}  // namespace

Result<void> refuse_what_is_shared_or_no_file(const path& file) {
  struct stat about {};
  if (::lstat(file.c_str(), &about) != 0) return {};
  if (!S_ISREG(about.st_mode)) return no_file(file);
  if (about.st_nlink > 1) return several_names(file, about.st_nlink);
  return {};
}

Result<void> check_state_place(const path& file) {
  struct stat about {};
  if (::lstat(file.c_str(), &about) == 0 && !S_ISREG(about.st_mode)) return no_file(file);
  if (!is_of_the_kernel(file) && !is_of_the_kernel(nearest_folder(file.parent_path()))) return {};
  return Error{Status::kConfig, file.string() +
                                    ": belongs to the kernel, and is on no disk; give a `state` "
                                    "in a folder of your own"};
}

Result<void> check_state_can_be_written(const path& file) {
  if (::faccessat(AT_FDCWD, file.c_str(), W_OK, AT_EACCESS) != 0)
    return system_failure(file, "cannot be written");
  return check_folder(file.parent_path());
}

Result<OpenedState> open_state_file(const path& file, StateLock& lock,
                                    const CrashPoints& crash_points) {
  const Result<bool> there = check_file(file);
  if (!there) return there.error();
  if (!*there) {
    const Result<void> nothing_lost = check_nothing_was_lost(file);
    if (!nothing_lost) return nothing_lost.error();
    const Result<void> made = make(file, crash_points);
    if (!made) return made.error();
    crash_points.at("after_state_renamed");
  }
  const Result<void> noted = lock.note_state_made();
  if (!noted) return noted.error();
  Result<Database> database = checked(file, Database::open(file));
  if (!database) return std::move(database).error();
  const Result<void> mode =
      database->execute_all("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  if (!mode) return failure_of(file, mode.error());
  const Result<void> migrated = migrate(file, *database);
  if (!migrated) return migrated.error();
  return OpenedState{*std::move(database), !*there};
}

Result<std::optional<Database>> open_state_file_to_look(const path& file) {
  const Result<bool> there = check_file(file);
  if (!there) return there.error();
  if (!*there) {
    const Result<void> nothing_lost = check_nothing_was_lost(file);
    if (!nothing_lost) return nothing_lost.error();
    return std::optional<Database>();
  }
  // Who cannot write can look while no host runs, at the file alone: what SQLite puts beside it
  // would be of rights that keep a host from writing later, or cannot be put there at all.
  std::error_code ignored;
  const bool at_rest = !std::filesystem::exists(beside(file, "-wal"), ignored);
  const bool alone = at_rest && !check_state_can_be_written(file);
  Result<Database> database =
      checked(file, alone ? Database::open_unchanging(file) : Database::open(file));
  if (!database) return std::move(database).error();
  return std::optional<Database>(*std::move(database));
}

}  // namespace host
