#include "tests/support/synced_files.hpp"

#include <dlfcn.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace test_support {
namespace {

struct Failing {
  std::string name_end;
  int count = 0;
};

struct Noted {
  std::mutex mutex;
  std::map<std::pair<dev_t, ino_t>, int64_t> synced;
  Failing syncs;
  Failing writes;
  std::atomic<bool> any_write_fails = false;  // most writes need not ask
};

Noted& noted() {
  static Noted all;
  return all;
}

bool fails(int descriptor, Failing& failing) {
  if (failing.count == 0) return false;
  std::error_code unknown;
  const std::string name =
      std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(descriptor), unknown);
  if (!name.ends_with(failing.name_end)) return false;
  --failing.count;
  errno = EIO;
  return true;
}

bool write_fails(int descriptor) {
  if (!noted().any_write_fails) return false;
  const std::lock_guard lock(noted().mutex);
  return fails(descriptor, noted().writes);
}

int sync(const char* function, int descriptor) {
  const std::lock_guard lock(noted().mutex);
  if (fails(descriptor, noted().syncs)) return -1;
  struct stat before {};
  const bool known = ::fstat(descriptor, &before) == 0;
  const auto real = reinterpret_cast<int (*)(int)>(::dlsym(RTLD_NEXT, function));
  const int result = real(descriptor);
  if (result == 0 && known) noted().synced[{before.st_dev, before.st_ino}] = before.st_size;
  return result;
}

ssize_t write_at(const char* function, int descriptor, const void* bytes, size_t size,
                 off_t place) {
  if (write_fails(descriptor)) return -1;
  const auto real =
      reinterpret_cast<ssize_t (*)(int, const void*, size_t, off_t)>(::dlsym(RTLD_NEXT, function));
  return real(descriptor, bytes, size, place);
}

ssize_t write(int descriptor, const void* bytes, size_t size) {
  if (write_fails(descriptor)) return -1;
  static const auto real =
      reinterpret_cast<ssize_t (*)(int, const void*, size_t)>(::dlsym(RTLD_NEXT, "write"));
  return real(descriptor, bytes, size);
}

int truncate(int descriptor, off_t size) {
  const std::lock_guard lock(noted().mutex);
  struct stat about {};
  const bool known = ::fstat(descriptor, &about) == 0;
  const auto real = reinterpret_cast<int (*)(int, off_t)>(::dlsym(RTLD_NEXT, "ftruncate"));
  const auto found = noted().synced.find({about.st_dev, about.st_ino});
  if (known && found != noted().synced.end())
    found->second = std::min(found->second, int64_t{size});
  return real(descriptor, size);
}

}  // namespace

int64_t synced_bytes(const std::filesystem::path& file) {
  struct stat about {};
  if (::stat(file.c_str(), &about) != 0) return 0;
  const std::lock_guard lock(noted().mutex);
  const auto found = noted().synced.find({about.st_dev, about.st_ino});
  return found == noted().synced.end() ? 0 : found->second;
}

void fail_syncs(const std::string& name_end, int count) {
  const std::lock_guard lock(noted().mutex);
  noted().syncs = {name_end, count};
}

void fail_writes(const std::string& name_end, int count) {
  const std::lock_guard lock(noted().mutex);
  noted().writes = {name_end, count};
  noted().any_write_fails = count > 0;
}

int fail_no_more() {
  const std::lock_guard lock(noted().mutex);
  noted().any_write_fails = false;
  return std::exchange(noted().syncs.count, 0) + std::exchange(noted().writes.count, 0);
}

}  // namespace test_support

extern "C" {

__attribute__((visibility("default"))) int fdatasync(int descriptor) {
  return test_support::sync("fdatasync", descriptor);
}

__attribute__((visibility("default"))) int fsync(int descriptor) {
  return test_support::sync("fsync", descriptor);
}

__attribute__((visibility("default"))) ssize_t pwrite(int descriptor, const void* bytes,
                                                      size_t size, off_t place) {
  return test_support::write_at("pwrite", descriptor, bytes, size, place);
}

// As SQLite calls it.
__attribute__((visibility("default"))) ssize_t pwrite64(int descriptor, const void* bytes,
                                                        size_t size, off64_t place) {
  return test_support::write_at("pwrite64", descriptor, bytes, size, place);
}

__attribute__((visibility("default"))) ssize_t write(int descriptor, const void* bytes,
                                                     size_t size) {
  return test_support::write(descriptor, bytes, size);
}

__attribute__((visibility("default"))) int ftruncate(int descriptor, off_t size) {
  return test_support::truncate(descriptor, size);
}
}
