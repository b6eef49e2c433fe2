// host_sim_crashing MANIFEST: `host_sim run --once MANIFEST`, which kills itself as hard as the
// system can at the crash point whose number is in CRASH_AT, counting those that CRASH_POINT names,
// or all. A program of its own, so that the one that is shipped has no such hook.
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <iostream>

#include "host_sim/host.hpp"

namespace host {
namespace {

int run(const char* manifest_file, int64_t crash_at, const std::string& point) {
  auto read = read_manifest(manifest_file, {TEST_PLUGINS});
  auto* manifest = std::get_if<CheckedManifest>(&read);
  if (!manifest) return 2;
  SystemClock clock;
  SecretEnvironment environment;
  const auto log = make_log(clock, LogLevel::kInfo, LogFormat::kText, std::cerr);
  std::atomic<int64_t> left = crash_at;
  Host host(std::move(*manifest), {.clock = clock,
                                   .log = *log,
                                   .environment = environment,
                                   .once = true,
                                   .crash_points = CrashPoints([&](std::string_view where) {
                                     if (!point.empty() && where != point) return;
                                     if (--left == 0) ::kill(::getpid(), SIGKILL);
                                   })});
  return host.run();
}

}  // namespace
}  // namespace host

int main(int argc, char** argv) {
  const char* crash_at = std::getenv("CRASH_AT");
  const char* point = std::getenv("CRASH_POINT");
  if (argc != 2) return 2;
  return host::run(argv[1], crash_at ? std::atoll(crash_at) : 0, point ? point : "");
}
