#include "host_sim/file_output_opening.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <system_error>

#include "host_sim/file_id.hpp"
#include "host_sim/folders.hpp"

namespace host {
namespace {

Error failure(const std::filesystem::path& path, const char* what, int code) {
  return {Status::kTransient, path.string() + ": " + what + " (" +
                                  std::generic_category().message(code) +
                                  "); give another output path, or mend this one"};
}

Result<Descriptor> create(const std::filesystem::path& path) {
  Result<void> folder = check_folder(path.parent_path());
  if (folder) folder = make_folder(path.parent_path());
  if (!folder) return folder.error();
  Descriptor made(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!made) return failure(path, "cannot be created", errno);
  if (::fsync(made.number()) != 0) return failure(path, "cannot be made durable", errno);
  const Result<void> durable = sync_folder(path.parent_path());
  if (!durable) return durable.error();
  return made;
}

Result<Descriptor> open_or_create(const std::filesystem::path& path) {
  const Result<void> kind = check_kind(path);
  if (!kind) return kind.error();
  Descriptor file(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (file) return file;
  if (errno != ENOENT) return failure(path, "cannot be opened for writing", errno);
  return create(path);
}

// For as long as the file is open.
Result<void> lock(int descriptor, const std::filesystem::path& path) {
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return {};
  return Error{Status::kTransient, path.string() +
                                       ": another program has locked it, and two cannot write to "
                                       "one file; stop that one, or give another output path"};
}

Result<OutputPosition> end_of(int descriptor, const std::filesystem::path& path) {
  struct stat about {};
  if (::fstat(descriptor, &about) != 0) return failure(path, "cannot be examined", errno);
  if (!S_ISREG(about.st_mode))
    return Error{Status::kConfig, path.string() + ": is not a regular file; give another path"};
  const FileId id = file_id(descriptor).value_or(FileId{});
  return OutputPosition{.kind = "file",
                        .path = path.string(),
                        .device = id.device,
                        .inode = id.inode,
                        .born_ns = id.born_ns,
                        .position = about.st_size};
}

}  // namespace

// Looked at before it is opened, for merely opening a device or a FIFO can have effects.
Result<void> check_kind(const std::filesystem::path& path) {
  if (!path.has_filename())
    return Error{Status::kConfig, path.string() + ": is a folder's name; name a file in it"};
  struct stat about {};
  const bool is_there = ::lstat(path.c_str(), &about) == 0;
  if (!is_there && errno != ENOENT) return failure(path, "cannot be examined", errno);
  if (!is_there) about.st_mode = S_IFREG;  // what it would be
  const bool is_of_a_disk = !is_of_the_kernel(is_there ? path : nearest_folder(path.parent_path()));
  if (S_ISREG(about.st_mode) && is_of_a_disk) return {};
  const char* what = S_ISLNK(about.st_mode)   ? "is a link"
                     : S_ISDIR(about.st_mode) ? "is a folder"
                     : S_ISREG(about.st_mode) ? "belongs to the kernel, and is on no disk"
                                              : "is a device, a FIFO or a socket";
  return Error{Status::kConfig,
               path.string() + ": " + what + "; an output is a regular file, give its own path"};
}

Result<LockedFile> open_locked(const std::filesystem::path& path, const CrashPoints& crash_points) {
  Result<Descriptor> file = open_or_create(path);
  if (!file) return std::move(file).error();
  crash_points.at("after_open");
  const Result<void> locked = lock(file->number(), path);
  if (!locked) return locked.error();
  Result<OutputPosition> end = end_of(file->number(), path);
  if (!end) return std::move(end).error();
  return LockedFile{*std::move(file), *std::move(end)};
}

Result<std::optional<OutputPosition>> look_at(const std::filesystem::path& path) {
  const Result<void> kind = check_kind(path);
  if (!kind) return kind.error();
  const Descriptor file(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!file && errno != ENOENT) return failure(path, "cannot be opened for writing", errno);
  if (!file) {
    const Result<void> folder = check_folder(path.parent_path());
    if (!folder) return folder.error();
    return std::optional<OutputPosition>();
  }
  const Result<void> locked = lock(file.number(), path);
  if (!locked) return locked.error();
  Result<OutputPosition> end = end_of(file.number(), path);
  if (!end) return std::move(end).error();
  return std::optional(*std::move(end));
}

}  // namespace host
