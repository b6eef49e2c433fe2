#include "host_sim/process_secrecy.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>

namespace host {

bool forbid_core_dumps() {
  const rlimit none{0, 0};
  const bool limited = ::setrlimit(RLIMIT_CORE, &none) == 0;
  // The limit does not hold where core dumps are piped to a program; this does.
  const bool undumpable = ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
  return limited && undumpable;
}

}  // namespace host
