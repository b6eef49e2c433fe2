#include "tests/many_pipelines/process_usage.hpp"

#include <unistd.h>

#include <filesystem>
#include <iterator>
#include <sstream>
#include <string>

#include "tests/support/files.hpp"

namespace many_pipelines {
namespace {

// "VmRSS:	  1234 kB" of /proc/PID/status.
int64_t field(const std::string& status, const std::string& name) {
  const size_t at = status.find("\n" + name + ":");
  return at == std::string::npos ? 0 : std::stoll(status.substr(at + name.size() + 2));
}

// User and system time are the fields 14 and 15, counted from behind the name, which may hold
// anything.
double cpu_seconds(const std::string& stat) {
  std::istringstream fields(stat.substr(stat.rfind(')') + 1));
  std::string skipped;
  for (int i = 3; i < 14; ++i) fields >> skipped;
  int64_t user = 0, system = 0;
  fields >> user >> system;
  return static_cast<double>(user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

}  // namespace

ProcessUsage usage_of(pid_t pid) {
  const std::filesystem::path process = "/proc/" + std::to_string(pid);
  const std::string status = test_support::read_file(process / "status");
  const std::filesystem::directory_iterator files(process / "fd");
  return {.cpu_s = cpu_seconds(test_support::read_file(process / "stat")),
          .resident_kib = field(status, "VmRSS"),
          .threads = field(status, "Threads"),
          .files = std::distance(begin(files), end(files))};
}

}  // namespace many_pipelines
