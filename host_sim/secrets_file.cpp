#include "host_sim/secrets_file.hpp"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "host_sim/clock.hpp"
#include "host_sim/descriptor.hpp"

namespace host {
namespace {

Error refused_secret(const std::string& path, const std::string& why) {
  return {Status::kAuth, "the secret file " + path + " " + why};
}

// Somebody may have put the secret itself where its file's name belongs.
bool may_be_the_secret(const std::filesystem::path& path) {
  constexpr size_t kShort = 16;
  return errno == ENOENT && path.filename().string().size() >= kShort && !path.has_extension();
}

Error unreadable_secret(const std::string& path) {
  const std::string which = may_be_the_secret(path) ? "that is named here" : path;
  return refused_secret(which, std::string("cannot be read: ") + std::strerror(errno) +
                                   "; name a file that the user who runs the host can read");
}

FileIdentity identity_of(const struct stat& status) {
  return {status.st_dev, status.st_ino, status.st_size,
          status.st_mtim.tv_sec * kNsPerSecond + status.st_mtim.tv_nsec,
          status.st_ctim.tv_sec * kNsPerSecond + status.st_ctim.tv_nsec};
}

Result<FileIdentity> checked(const std::string& path, const struct stat& status) {
  constexpr mode_t kOthers = S_IRWXG | S_IRWXO;
  if (!S_ISREG(status.st_mode))
    return refused_secret(path, "is no regular file; name the file itself");
  if (status.st_uid != 0 && status.st_uid != ::geteuid())
    return refused_secret(path, "belongs to another user; chown it to the user who runs the host");
  if (status.st_mode & kOthers)
    return refused_secret(path, "can be read or written by others; chmod 600 it");
  return identity_of(status);
}

}  // namespace

// No further than was read, for the rest of the pages would be touched for nothing; a trailing
// newline is not counted.
SecretFileBytes::~SecretFileBytes() {
  OPENSSL_cleanse(bytes_.data(), std::min(size_ + 1, bytes_.size()));
}

Result<FileIdentity> SecretFileBytes::read(const std::string& path) {
  // Links are followed, for mounted secrets are links; what counts is where they end.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat status {};
  if (!file || ::fstat(file.number(), &status) != 0) return unreadable_secret(path);
  Result<FileIdentity> identity = checked(path, status);
  if (!identity) return identity;
  ssize_t got = 0;
  size_ = 0;
  while (size_ < bytes_.size() &&
         (got = ::read(file.number(), bytes_.data() + size_, bytes_.size() - size_)) != 0) {
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return unreadable_secret(path);
    size_ += static_cast<size_t>(got);
  }
  if (size_ > kMost) return refused_secret(path, "is over 64 KiB; it should hold the secret alone");
  if (size_ > 0 && bytes_[size_ - 1] == '\n') --size_;
  if (size_ == 0) return refused_secret(path, "is empty; write the secret into it");
  return identity;
}

Result<FileIdentity> secret_file_identity(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return unreadable_secret(path);
  return checked(path, status);
}

}  // namespace host
