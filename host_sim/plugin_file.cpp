#include "host_sim/plugin_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "host_sim/sha256.hpp"
#include "host_sim/shared_object.hpp"

namespace host {
namespace {

Error refused_file(const std::filesystem::path& path, const std::string& why) {
  return {Status::kConfig, path.string() + " " + why};
}

Error unreadable(const std::filesystem::path& path) {
  return refused_file(path, std::string("cannot be read: ") + std::strerror(errno));
}

// Whoever can write it can run code in the host.
Result<void> check_writers(const std::filesystem::path& path, const struct stat& status) {
  if (status.st_uid != 0 && status.st_uid != ::geteuid())
    return refused_file(
        path,
        "belongs to another user, and plugins are loaded only from root's and one's "
        "own files and folders; chown it");
  if (status.st_mode & (S_IWGRP | S_IWOTH))
    return refused_file(path, "can be written by others; chmod go-w it");
  return {};
}

bool same(const struct timespec& left, const struct timespec& right) {
  return left.tv_sec == right.tv_sec && left.tv_nsec == right.tv_nsec;
}

}  // namespace

PluginFile::PluginFile(std::filesystem::path path, Descriptor file, const struct stat& status)
    : path_(std::move(path)), file_(std::move(file)), status_(status) {}

Result<PluginFile> PluginFile::open(const std::filesystem::path& path) {
  struct stat folder {};
  if (::stat(path.parent_path().c_str(), &folder) != 0) return unreadable(path.parent_path());
  if (Result<void> safe = check_writers(path.parent_path(), folder); !safe) return safe.error();
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY));
  struct stat status {};
  if (!file || ::fstat(file.number(), &status) != 0) return unreadable(path);
  if (!S_ISREG(status.st_mode))
    return refused_file(path, "is no regular file; name the file itself");
  if (Result<void> safe = check_writers(path, status); !safe) return safe.error();
  return PluginFile(path, std::move(file), status);
}

Result<std::string> PluginFile::sha256() const {
  Result<std::string> sha256 = sha256_of(file_.number());
  if (!sha256) return refused_file(path_, "cannot be read: " + sha256.error().text);
  return sha256;
}

Result<void> PluginFile::whole() const {
  const std::string flaw = flaw_of_shared_object(file_.number(), status_.st_size);
  if (!flaw.empty()) return refused_file(path_, flaw);
  return {};
}

Result<void> PluginFile::exports(const std::vector<std::string>& functions) const {
  std::string missing;
  for (const std::string& function : not_exported(file_.number(), functions))
    missing += (missing.empty() ? "" : ", ") + function;
  if (missing.empty()) return {};
  return refused_file(path_, "is no plugin: it lacks " + missing +
                                 "; name a plugin's .so file, or build this one with all that a "
                                 "plugin exports");
}

bool PluginFile::unchanged() const {
  struct stat now {};
  return ::stat(path_.c_str(), &now) == 0 && now.st_dev == status_.st_dev &&
         now.st_ino == status_.st_ino && now.st_size == status_.st_size &&
         same(now.st_mtim, status_.st_mtim) && same(now.st_ctim, status_.st_ctim);
}

}  // namespace host
