// What a running process takes, by /proc.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace many_pipelines {

struct ProcessUsage {
  double cpu_s = 0;
  int64_t resident_kib = 0;
  int64_t threads = 0;
  int64_t files = 0;  // open descriptors
};

ProcessUsage usage_of(pid_t pid);

}  // namespace many_pipelines
