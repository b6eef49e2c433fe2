#include "host_sim/file_id.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

namespace host {
namespace {

std::optional<FileId> id_of(int descriptor, const char* path, int flags) {
  struct statx about {};
  if (::statx(descriptor, path, flags, STATX_INO | STATX_BTIME, &about) != 0) return std::nullopt;
  const bool born = (about.stx_mask & STATX_BTIME) != 0;
  return FileId{::makedev(about.stx_dev_major, about.stx_dev_minor), about.stx_ino,
                born ? about.stx_btime.tv_sec * 1'000'000'000 + about.stx_btime.tv_nsec : 0};
}

}  // namespace

std::optional<FileId> file_id(const std::filesystem::path& path) {
  return id_of(AT_FDCWD, path.c_str(), 0);
}

std::optional<FileId> file_id(int descriptor) { return id_of(descriptor, "", AT_EMPTY_PATH); }

}  // namespace host
