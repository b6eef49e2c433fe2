#include "host_sim/file_output.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "host_sim/disk_trouble.hpp"
#include "host_sim/file_output_opening.hpp"
#include "host_sim/wording.hpp"

namespace host {
namespace {

constexpr const char* kMoveAside =
    "; restore the file, or move it away and collection goes on in a new one";

Error failure(const std::string& path, const char* what, int code) {
  return {Status::kTransient, path + ": " + what + " (" + std::generic_category().message(code) +
                                  ")" + disk_remedy(code) +
                                  "; once that is mended, collection goes on by itself"};
}

std::string bytes(int64_t count) { return counted(count, "byte"); }

constexpr const char* kComesAgain =
    "; the state was imported or restored from an older copy, and what was delivered since comes "
    "again";

Error shorter(const std::string& path, int64_t size, int64_t committed) {
  return {Status::kCheckpoint,
          path + ": has " + bytes(size) + ", but records up to byte " + std::to_string(committed) +
              " were delivered into it: it was cut by somebody else" + kMoveAside};
}

Error buried(const std::string& path, int64_t ours, int64_t others) {
  return {Status::kCheckpoint,
          path + ": another program has written " + bytes(others) + " behind " + bytes(ours) +
              " of ours that were never committed, and none of it is cut; move the file away "
              "before the host is started anew, and collection goes on in a new one"};
}

Error unknown(const OutputPosition& now, int64_t begin) {
  return {Status::kCheckpoint,
          now.path + ": " + bytes(now.position - begin) + " stand behind byte " +
              std::to_string(begin) +
              ", where the state ends, which was imported or restored from an older copy: if this "
              "host wrote them since, `truncate -s " +
              std::to_string(begin) + " " + now.path +
              "` and they are read again; else move the file away, and what came since that copy "
              "comes again"};
}

Error unknown_file(const OutputPosition& now) {
  return {Status::kCheckpoint,
          now.path + ": holds " + bytes(now.position) +
              " and is not the file that the state knows, which was imported or restored from an "
              "older copy: what would be collected may stand in it already; move the file away, "
              "and collection goes on in a new one, where it comes again"};
}

bool is_same_file(const OutputPosition& a, const OutputPosition& b) {
  const bool same_birth = a.born_ns == 0 || b.born_ns == 0 || a.born_ns == b.born_ns;
  return a.device == b.device && a.inode == b.inode && same_birth;
}

// A copy of the file, taken along to another machine.
bool is_as_long(const OutputPosition& a, const OutputPosition& b) {
  return a.kind == b.kind && a.position == b.position;
}

// Where to go on in the file that is open, whose end is `now`.
struct Resumption {
  int64_t position = 0;
  bool begins = false;
  std::string remark;
};

// Behind the committed position lie bytes of ours, then somebody else's; either may be missing.
Result<Resumption> resume_in(const OutputPosition& now, const OutputPosition& committed,
                             int64_t ours_until) {
  const int64_t begin = committed.position;
  if (ours_until == kNobodyKnows && now.position > begin) return unknown(now, begin);
  const int64_t ours = std::clamp(ours_until, begin, now.position) - begin;
  const int64_t others = now.position - begin - ours;
  if (ours > 0 && others > 0) return buried(now.path, ours, others);
  if (others > 0)
    return Resumption{now.position, true,
                      now.path + ": another program has appended " + bytes(others) +
                          "; they are kept, and collection goes on behind them"};
  return Resumption{begin, now.path != committed.path,
                    ours == 0 ? ""
                              : now.path + ": cut off " + bytes(ours) +
                                    " that were written but never committed; their records are "
                                    "read again"};
}

Result<Resumption> resume(const OutputPosition& now, const std::optional<OutputPosition>& committed,
                          int64_t ours_until) {
  if (!committed) return Resumption{now.position, true, ""};
  const bool is_known = committed->kind == "file" && is_same_file(now, *committed);
  if (!is_known && ours_until == kNobodyKnows && now.position > 0 && !is_as_long(now, *committed))
    return unknown_file(now);
  if (committed->kind != "file")
    return Resumption{now.position, true, now.path + ": takes over from " + committed->kind};
  if (!is_known)
    return Resumption{now.position, true,
                      now.path +
                          ": is another file than before (rotated, or moved): going on at "
                          "its end, byte " +
                          std::to_string(now.position) +
                          (ours_until == kNobodyKnows ? kComesAgain : "")};
  if (now.position < committed->position)
    return shorter(now.path, now.position, committed->position);
  return resume_in(now, *committed, ours_until);
}

Result<void> cut_back(int descriptor, const std::string& path, int64_t position,
                      const CrashPoints& crash_points) {
  crash_points.at("before_cut");
  if (::ftruncate(descriptor, position) != 0) return failure(path, "cannot be cut back", errno);
  crash_points.at("after_cut");
  return {};
}

bool ends_in_newline(int descriptor, int64_t position) {
  char last = '\n';
  if (position > 0 && ::pread(descriptor, &last, 1, position - 1) != 1) return false;
  return last == '\n';
}

}  // namespace

Result<OpenedOutput> open_file_output(const std::filesystem::path& path,
                                      const std::optional<OutputPosition>& committed,
                                      int64_t ours_until, const CrashPoints& crash_points) {
  Result<LockedFile> file = open_locked(path, crash_points);
  if (!file) return std::move(file).error();
  Result<Resumption> going_on = resume(file->end, committed, ours_until);
  if (!going_on) return std::move(going_on).error();
  const int descriptor = file->descriptor.number();
  if (going_on->position < file->end.position) {
    const Result<void> cut = cut_back(descriptor, file->end.path, going_on->position, crash_points);
    if (!cut) return cut.error();
    file->end.position = going_on->position;
  }
  const bool newline = ends_in_newline(descriptor, going_on->position);
  return OpenedOutput{
      std::make_shared<FileOutput>(std::move(file->descriptor), file->end, newline, crash_points),
      going_on->begins, going_on->remark};
}

Result<std::optional<int64_t>> look_at_file_output(const std::filesystem::path& path,
                                                   const std::optional<OutputPosition>& committed,
                                                   int64_t ours_until) {
  const Result<std::optional<OutputPosition>> end = look_at(path);
  if (!end) return end.error();
  if (!*end) return std::optional<int64_t>();
  const Result<Resumption> going_on = resume(**end, committed, ours_until);
  if (!going_on) return going_on.error();
  return std::optional(going_on->position);
}

FileOutput::FileOutput(Descriptor descriptor, OutputPosition position, bool ends_in_newline,
                       CrashPoints crash_points)
    : descriptor_(std::move(descriptor)),
      position_(std::move(position)),
      needs_newline_(!ends_in_newline),
      crash_points_(std::move(crash_points)) {}

Result<void> FileOutput::write(std::string_view lines) {
  Result<void> untouched = check_untouched();
  if (!untouched) return untouched;
  if (needs_newline_) {
    Result<void> ended = append("\n");
    if (!ended) return ended;
    needs_newline_ = false;
  }
  if (crash_points_.armed()) {  // so that a test can tear a line in two
    const std::string_view half = lines.substr(0, lines.size() / 2);
    Result<void> first = append(half);
    if (!first) return first;
    crash_points_.at("amid_write");
    lines.remove_prefix(half.size());
  }
  return append(lines);
}

// Somebody else's bytes would be overwritten, or a hole would be left.
Result<void> FileOutput::check_untouched() const {
  struct stat about {};
  if (::fstat(descriptor_.number(), &about) != 0)
    return failure(position_.path, "cannot be examined", errno);
  if (about.st_size < position_.position)
    return shorter(position_.path, about.st_size, position_.position);
  if (about.st_size > position_.position)
    return Error{Status::kTransient,
                 position_.path +
                     ": another program has just written to it; its bytes are kept, "
                     "but let it write elsewhere"};
  return {};
}

Result<void> FileOutput::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written =
        ::pwrite(descriptor_.number(), bytes.data(), bytes.size(), position_.position);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failure(position_.path, "cannot be written", errno);
    position_.position += written;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return {};
}

Result<void> FileOutput::sync() {
  if (::fdatasync(descriptor_.number()) != 0)
    return failure(position_.path, "cannot be made durable", errno);
  struct stat about {};
  if (::fstat(descriptor_.number(), &about) == 0 && about.st_nlink == 0)
    return Error{Status::kTransient, position_.path +
                                         ": was removed before its last records were committed; "
                                         "they are read again into a new file"};
  return {};
}

bool FileOutput::overtaken() const {
  struct stat about {};
  return ::fstat(descriptor_.number(), &about) == 0 && about.st_size > position_.position;
}

bool FileOutput::replaced() const {
  struct stat about {};
  if (::lstat(position_.path.c_str(), &about) != 0) return errno == ENOENT;
  return about.st_dev != position_.device || about.st_ino != position_.inode;
}

}  // namespace host
