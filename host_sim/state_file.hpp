// The state's file as a whole: is it one of ours, is it sound, may a new one be made.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "host_sim/crash_points.hpp"
#include "host_sim/database.hpp"
#include "host_sim/state_lock.hpp"

namespace host {

constexpr int64_t kStateApplicationId = 0x41494B53;  // what `file` and SQLite see in its header
constexpr int64_t kStateSchemaVersion = 3;

struct OpenedState {
  Database database;
  bool first_run = false;
};

// Which file a name leads to.
// Before a lock is put beside it: a device, folder or link that stands there is not touched at all,
// nor a file that has another name (a hard link), for the lock goes by the name. CONFIG.
Result<void> refuse_what_is_shared_or_no_file(const std::filesystem::path& path);

// Whether a state could be at the path for all that can be known without touching anything: CONFIG
// where something stands there that is no regular file, or nothing can be made at all.
Result<void> check_state_place(const std::filesystem::path& path);

// Opens the state, or makes it on a first run: under another name, complete and durable, and then
// renamed, so that no crash leaves half a state. A first run is only where no file is and none was.
// Whatever is empty, damaged, foreign, of a later version or missing is refused with the remedy
// (CHECKPOINT); one of an earlier version becomes one of this. TRANSIENT is what the disk or this
// user's rights are in the way of.
Result<OpenedState> open_state_file(const std::filesystem::path& path, StateLock& lock,
                                    const CrashPoints& crash_points);

// Whether a run could write to a state that is there. TRANSIENT.
Result<void> check_state_can_be_written(const std::filesystem::path& path);

// For a look while a host may be running: the same checks, and nothing where there is and was no
// state. One of an earlier version stays as it is.
Result<std::optional<Database>> open_state_file_to_look(const std::filesystem::path& path);

}  // namespace host
