#include "host_sim/folders.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <system_error>

#include "host_sim/descriptor.hpp"

namespace host {
namespace {

connector::Error failure(const std::filesystem::path& folder, const char* what,
                         const std::string& reason) {
  return {
      connector::Status::kTransient,
      folder.string() + ": the folder cannot be " + what + " (" + reason +
          "); see that it is a folder which the host's user may write to, or give another path"};
}

}  // namespace

connector::Result<void> make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  if (folder.empty() || std::filesystem::is_directory(folder, error)) return {};
  std::filesystem::create_directories(folder, error);
  if (error) return failure(folder, "created", error.message());
  return sync_folder(folder.parent_path());
}

std::filesystem::path nearest_folder(const std::filesystem::path& folder) {
  std::filesystem::path there = folder.empty() ? "." : folder;
  while (::access(there.c_str(), F_OK) != 0 && errno == ENOENT && there.has_relative_path())
    there = there.has_parent_path() ? there.parent_path() : ".";
  return there;
}

connector::Result<void> check_folder(const std::filesystem::path& folder) {
  const std::filesystem::path there = nearest_folder(folder);
  const char* what = there == folder ? "written to" : "created";
  if (is_of_the_kernel(there))
    return failure(folder, what, "it belongs to the kernel, and is on no disk");
  // With a dot behind it a file is no place to look into.
  if (::faccessat(AT_FDCWD, (there / ".").c_str(), W_OK | X_OK, AT_EACCESS) == 0) return {};
  return failure(folder, what, std::generic_category().message(errno));
}

bool is_of_the_kernel(const std::filesystem::path& path) {
  constexpr uint32_t kKinds[] = {PROC_SUPER_MAGIC,     SYSFS_MAGIC,        DEBUGFS_MAGIC,
                                 TRACEFS_MAGIC,        CGROUP_SUPER_MAGIC, SECURITYFS_MAGIC,
                                 CGROUP2_SUPER_MAGIC,  SELINUX_MAGIC,      BINFMTFS_MAGIC,
                                 DEVPTS_SUPER_MAGIC,   PSTOREFS_MAGIC,     HUGETLBFS_MAGIC,
                                 RDTGROUP_SUPER_MAGIC, BPF_FS_MAGIC,       EFIVARFS_MAGIC};
  struct statfs about {};
  return ::statfs(path.c_str(), &about) == 0 &&
         std::find(std::begin(kKinds), std::end(kKinds), static_cast<uint32_t>(about.f_type)) !=
             std::end(kKinds);
}

connector::Result<void> sync_folder(const std::filesystem::path& folder) {
  const std::string name = folder.empty() ? "." : folder.string();
  const Descriptor opened(::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened && ::fsync(opened.number()) == 0) return {};
  // Some network and FUSE file systems cannot sync a folder; they keep names by other means.
  if (opened && (errno == EINVAL || errno == ENOTSUP)) return {};
  return failure(name, "synced", std::generic_category().message(errno));
}

}  // namespace host
