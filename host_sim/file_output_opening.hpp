// Opening the file of an output, without following anybody's trick.
#pragma once

#include <filesystem>

#include "host_sim/crash_points.hpp"
#include "host_sim/descriptor.hpp"
#include "host_sim/output.hpp"

namespace host {

// Whether what is at the path, or would be made there, is a regular file of a disk; CONFIG when it
// is not.
Result<void> check_kind(const std::filesystem::path& path);

struct LockedFile {
  Descriptor descriptor;  // for reading and writing
  OutputPosition end;     // which file it is, and its size
};

// A regular file, opened or created, and locked against every other opening of it. CONFIG when it
// is a link, a device, a FIFO or a folder; TRANSIENT when it cannot be opened or is locked.
Result<LockedFile> open_locked(const std::filesystem::path& path, const CrashPoints& crash_points);

// Which file it is and its size, or nothing where it would be created; nothing is changed. Fails as
// open_locked would; its lock is let go at once.
Result<std::optional<OutputPosition>> look_at(const std::filesystem::path& path);

}  // namespace host
