#include "tests/simulation/full_disk.hpp"

#include <sys/resource.h>

namespace simulation {

void FullDisk::take_room(int64_t bytes) {
  rlimit limit{};
  ::getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = static_cast<rlim_t>(bytes);
  ::setrlimit(RLIMIT_FSIZE, &limit);
  full_ = true;
}

void FullDisk::give_room() {
  if (!full_) return;
  rlimit limit{};
  ::getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_FSIZE, &limit);
  full_ = false;
}

}  // namespace simulation
