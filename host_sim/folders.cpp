#include "host_sim/folders.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
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

connector::Result<void> check_folder(const std::filesystem::path& folder) {
  std::filesystem::path there = folder.empty() ? "." : folder;
  while (::access(there.c_str(), F_OK) != 0 && errno == ENOENT && there.has_relative_path())
    there = there.has_parent_path() ? there.parent_path() : ".";
  // With a dot behind it a file is no place to look into.
  if (::access((there / ".").c_str(), W_OK | X_OK) == 0) return {};
  const std::string reason = std::generic_category().message(errno);
  return failure(folder, there == folder ? "written to" : "created", reason);
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
