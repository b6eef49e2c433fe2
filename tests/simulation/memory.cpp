#include "tests/simulation/memory.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <fstream>

namespace simulation {
namespace {

#ifdef SANITIZED
constexpr bool kMeasures = false;
#else
constexpr bool kMeasures = true;
#endif

}  // namespace

int64_t resident_bytes() {
  if (!kMeasures) return 0;
  std::ifstream file("/proc/self/statm");
  int64_t total = 0, resident = 0;
  file >> total >> resident;
  return resident * ::sysconf(_SC_PAGESIZE);
}

int64_t most_resident_bytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return kMeasures ? usage.ru_maxrss * 1024 : 0;
}

}  // namespace simulation
