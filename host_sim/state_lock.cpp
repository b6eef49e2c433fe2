#include "host_sim/state_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <string>
#include <system_error>

#include "host_sim/disk_trouble.hpp"
#include "host_sim/folders.hpp"

namespace host {
namespace {

using connector::Error;
using connector::Result;
using connector::Status;

constexpr std::string_view kMade = "state made\n";
constexpr std::string_view kHolder = "host process ";
constexpr off_t kMadeAt = 24;  // behind the holder's line, which has this size
constexpr std::string_view kRun = "run ";
constexpr off_t kRunAt = kMadeAt + static_cast<off_t>(kMade.size());
constexpr off_t kFileAt = kRunAt + 15;
constexpr size_t kFileSize = 47;
constexpr std::string_view kCommit = "commit ";
constexpr off_t kCommitAt = kFileAt + static_cast<off_t>(kFileSize);

Error failure(const std::filesystem::path& path, const char* what) {
  const int number = errno;
  return {Status::kTransient, path.string() + ": " + what + " (" +
                                  std::generic_category().message(number) + ")" +
                                  disk_remedy(number)};
}

std::string read_at(int file, off_t from, size_t size) {
  std::string bytes(size, '\0');
  const ssize_t got = ::pread(file, bytes.data(), size, from);
  bytes.resize(got < 0 ? 0 : static_cast<size_t>(got));
  return bytes;
}

bool write_at(int file, off_t from, std::string_view bytes) {
  return ::pwrite(file, bytes.data(), bytes.size(), from) == static_cast<ssize_t>(bytes.size());
}

std::filesystem::path lock_of(std::filesystem::path state) { return state += ".lock"; }

std::string line_of(const FileId& state) {
  char line[kFileSize + 1];
  std::snprintf(line, sizeof line, "file %020llu %020llu\n",
                static_cast<unsigned long long>(state.inode),
                static_cast<unsigned long long>(state.born_ns));
  return line;
}

// Behind a word; 0 where that does not stand there.
int64_t number_at(int file, off_t from, std::string_view word) {
  const std::string line = read_at(file, from, 32);
  return line.starts_with(word) ? std::atoll(line.c_str() + word.size()) : 0;
}

bool says_made(int file) { return read_at(file, kMadeAt, kMade.size()) == kMade; }

// 0 where that is not known. Who only holds a lock leaves the one there that held it before.
pid_t holder(int file) {
  const std::string line = read_at(file, 0, kMadeAt);
  const bool known = line.size() == kMadeAt && line.starts_with(kHolder);
  const pid_t process = known ? std::atoi(line.c_str() + kHolder.size()) : 0;
  const bool is_there = process > 0 && (::kill(process, 0) == 0 || errno == EPERM);
  return is_there ? process : 0;
}

Error held(int file, const std::filesystem::path& state) {
  const pid_t process = holder(file);
  const std::string who = process > 0 ? " (process " + std::to_string(process) + ")" : "";
  return {Status::kTransient,
          state.string() + ": is in use by another host" + who +
              "; stop that one first (`state show` and its --status page work meanwhile), or, "
              "where it runs another manifest, give this one a `state` of its own"};
}

}  // namespace

StateLock::StateLock(Descriptor file, std::filesystem::path path)
    : file_(std::move(file)), path_(std::move(path)) {}

Result<StateLock> StateLock::take(const std::filesystem::path& state) {
  const Result<void> folder = make_folder(state.parent_path());
  if (!folder) return folder.error();
  std::filesystem::path path = lock_of(state);
  Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file) return failure(path, "cannot be opened");
  if (::flock(file.number(), LOCK_EX | LOCK_NB) != 0) return held(file.number(), state);
  char line[32];
  std::snprintf(line, sizeof line, "host process %010d\n", static_cast<int>(::getpid()));
  if (!write_at(file.number(), 0, line)) return failure(path, "cannot be written");
  return StateLock(std::move(file), std::move(path));
}

Result<StateLock> StateLock::hold(const std::filesystem::path& state) {
  std::filesystem::path path = lock_of(state);
  Descriptor file(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
  if (!file && errno != ENOENT) return failure(path, "cannot be opened");
  if (file && ::flock(file.number(), LOCK_EX | LOCK_NB) != 0) return held(file.number(), state);
  return StateLock(std::move(file), std::move(path));
}

bool StateLock::state_was_made(const std::filesystem::path& state) {
  const Descriptor file(::open(lock_of(state).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  return file && says_made(file.number());
}

Result<void> StateLock::note_state_made() {
  if (says_made(file_.number())) return {};
  if (!write_at(file_.number(), kMadeAt, kMade) || ::fsync(file_.number()) != 0)
    return failure(path_, "cannot be written");
  return sync_folder(path_.parent_path());
}

Result<void> StateLock::check_is_in_place() const {
  if (file_id(path_) == file_id(file_.number())) return {};
  return Error{Status::kTransient,
               path_.string() +
                   ": was removed or replaced while the host runs, and another host may use the "
                   "state by now; end them all, and start one"};
}

int64_t StateLock::last_run() const { return number_at(file_.number(), kRunAt, kRun); }

int64_t StateLock::last_commit() const { return number_at(file_.number(), kCommitAt, kCommit); }

void StateLock::note_commit(int64_t number) {
  char line[32];
  std::snprintf(line, sizeof line, "commit %020lld\n", static_cast<long long>(number));
  static_cast<void>(write_at(file_.number(), kCommitAt, line));
}

bool StateLock::last_run_had(const FileId& state) const {
  const std::string line = read_at(file_.number(), kFileAt, kFileSize);
  const bool is_of_before = line.empty() && last_run() > 0;  // when the file was not noted yet
  return is_of_before || line == line_of(state);
}

Result<void> StateLock::note_run(int64_t run, const FileId& state) {
  char line[32];
  std::snprintf(line, sizeof line, "run %010lld\n", static_cast<long long>(run));
  if (!write_at(file_.number(), kRunAt, line + line_of(state)) || ::fsync(file_.number()) != 0)
    return failure(path_, "cannot be written");
  return {};
}

}  // namespace host
