#include "tests/simulation/bad_disk.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <utility>

#include "tests/support/synced_files.hpp"

namespace simulation {
namespace {

void limit_files(rlim_t bytes) {
  rlimit limit{};
  ::getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = std::min(bytes, limit.rlim_max);
  ::setrlimit(RLIMIT_FSIZE, &limit);
}

}  // namespace

void BadDisk::take_room(int64_t bytes) {
  limit_files(static_cast<rlim_t>(bytes));
  state_ = State::kFull;
}

void BadDisk::break_write(const std::string& name_end) {
  test_support::fail_writes(name_end, 1);
  state_ = State::kWriteBroken;
}

void BadDisk::break_sync(const std::string& name_end) {
  test_support::fail_syncs(name_end, 1);
  state_ = State::kSyncBroken;
}

BadDisk::Refused BadDisk::mend() {
  const State was = std::exchange(state_, State::kGood);
  if (was == State::kGood) return Refused::kNothing;
  if (was == State::kFull)
    limit_files(RLIM_INFINITY);
  else if (test_support::fail_no_more() > 0)
    return Refused::kNothing;
  return was == State::kSyncBroken ? Refused::kSync : Refused::kWrite;
}

}  // namespace simulation
