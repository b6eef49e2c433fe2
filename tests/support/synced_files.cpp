#include "tests/support/synced_files.hpp"

#include <dlfcn.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace test_support {
namespace {

struct Noted {
  std::mutex mutex;
  std::map<std::pair<dev_t, ino_t>, int64_t> synced;
  std::string failing;
  int failures = 0;
};

Noted& noted() {
  static Noted all;
  return all;
}

bool fails(int descriptor) {
  if (noted().failures == 0) return false;
  std::error_code unknown;
  const std::string name =
      std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(descriptor), unknown);
  if (!name.ends_with(noted().failing)) return false;
  --noted().failures;
  return true;
}

int sync(const char* function, int descriptor) {
  const std::lock_guard lock(noted().mutex);
  if (fails(descriptor)) {
    errno = EIO;
    return -1;
  }
  struct stat before {};
  const bool known = ::fstat(descriptor, &before) == 0;
  const auto real = reinterpret_cast<int (*)(int)>(::dlsym(RTLD_NEXT, function));
  const int result = real(descriptor);
  if (result == 0 && known) noted().synced[{before.st_dev, before.st_ino}] = before.st_size;
  return result;
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
  noted().failing = name_end;
  noted().failures = count;
}

}  // namespace test_support

extern "C" {

__attribute__((visibility("default"))) int fdatasync(int descriptor) {
  return test_support::sync("fdatasync", descriptor);
}

__attribute__((visibility("default"))) int fsync(int descriptor) {
  return test_support::sync("fsync", descriptor);
}

__attribute__((visibility("default"))) int ftruncate(int descriptor, off_t size) {
  return test_support::truncate(descriptor, size);
}
}
