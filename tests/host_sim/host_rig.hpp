// A real host over scripted plugins, in a temporary folder and, mostly, in simulated time.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "host_sim/host.hpp"
#include "tests/host_sim/scripted_plugin.hpp"
#include "tests/support/files.hpp"
#include "tests/support/simulated_clock.hpp"

namespace host::test {

// Keeps what was said. Any thread.
class MemoryLog final : public Log {
 public:
  void write(LogLevel level, std::string_view pipeline, std::string_view text) override;
  std::string text() const;  // "warning demo: erroring: ..." a line
  int count(std::string_view needle) const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
};

// Thrown at a crash point by a test. No std::exception, so that nothing on the way mistakes it for
// a failure that it could handle.
struct Crash {};

class HostRig {
 public:
  // A pipeline that writes to `<folder>/<name>.ndjson`.
  PipelineManifest& add(const std::string& name, Script& script);
  PipelineManifest& pipeline(size_t index) { return manifest_.pipelines.at(index); }

  // For one worker in simulated time.
  HostOptions options(bool once);
  std::unique_ptr<Host> host(HostOptions options);
  int run(HostOptions options) { return host(std::move(options))->run(); }
  int run_once() { return run(options(true)); }
  // Runs until the simulated time has moved on by `span_ns`, and stops the host then.
  int run_for(int64_t span_ns);

  std::filesystem::path output(const std::string& name) const {
    return folder / (name + ".ndjson");
  }
  std::filesystem::path state() const { return folder / "host.db"; }

  test_support::TemporaryFolder folder;
  test_support::SimulatedClock clock;
  MemoryLog log;
  SecretEnvironment environment;

 private:
  Manifest manifest_;
};

// The lines {"n":0} to {"n":count - 1}.
std::vector<std::string> counted(int64_t count);

}  // namespace host::test
