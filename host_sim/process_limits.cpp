#include "host_sim/process_limits.hpp"

#include <malloc.h>
#include <sys/resource.h>

#include <chrono>

namespace host {
namespace {

constexpr int kHeaps = 2;
constexpr int kOwnMapping = 64 << 10;  // a larger block is given back as soon as it is freed
constexpr std::chrono::seconds kTrimEvery{30};

}  // namespace

void raise_file_limit() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur == files.rlim_max) return;
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
}

void share_heaps() {
  ::mallopt(M_ARENA_MAX, kHeaps);
  ::mallopt(M_MMAP_THRESHOLD, kOwnMapping);
}

void HeapTrimmer::trim(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, stop, kTrimEvery, [&stop] { return stop.stop_requested(); }))
    ::malloc_trim(0);
}

}  // namespace host
