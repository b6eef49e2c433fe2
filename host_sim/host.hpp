// The host: every pipeline of a manifest, run until it is stopped or all are caught up.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "host_sim/clock.hpp"
#include "host_sim/crash_points.hpp"
#include "host_sim/health.hpp"
#include "host_sim/host_figures.hpp"
#include "host_sim/log.hpp"
#include "host_sim/manifest_reader.hpp"
#include "host_sim/metrics.hpp"
#include "host_sim/secrets.hpp"
#include "host_sim/state_opening.hpp"

namespace host {

// Up to a twentieth more, so that pipelines that began together do not ask together for ever.
int64_t with_jitter(int64_t wait_ns);

struct HostOptions {
  Clock& clock;
  Log& log;
  SecretEnvironment& environment;
  bool once = false;                  // end when every pipeline is caught up, or failed
  size_t max_workers = 256;           // 1: no thread but the caller's of `run`, for simulated time
  bool inline_commits = false;        // commit before the next batch is read, for simulated time
  std::optional<uint64_t> seed = {};  // of plugins' randomness; none: the operating system's
  // Of an idle wait. For a seed to replay it has to be another.
  std::function<int64_t(int64_t wait_ns)> with_jitter = host::with_jitter;
  CrashPoints crash_points = {};
  std::map<std::string, std::string> properties = {};  // as of connector_host.property
  int stdout_descriptor = 1;
  int64_t stop_grace_ns = 5'000'000'000;  // for calls that do not return at the end
  int64_t hang_patience_ns =
      60'000'000'000;  // until a call that does not return is told of, or a wait for a worker
};

// Any thread, but for `run`, which is called once.
class Host {
 public:
  Host(CheckedManifest manifest, HostOptions options);
  // `run` has returned, and `abandoned` is false: a call that hangs still uses the host.
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  // Blocks until `stop`, or, once, until every pipeline is done. The exit code: 0; 1 when a
  // pipeline failed, or the state is refused (one that another host holds, or whose disk is full,
  // is waited for, but for once); 2 when the manifest, its secrets or the settings are
  // wrong, with each mistake in the log.
  int run();

  // Cancels every running call; `run` commits what was written and returns.
  void stop();
  // After `run`: a plugin still hangs, with a thread. All that can be done is to end the process.
  bool abandoned();

  // One status for each pipeline, in the manifest's order; empty before the state is opened.
  std::vector<PipelineStatus> snapshot();
  std::vector<Metric> metrics();
  HostFigures figures();

 private:
  struct Engine;

  bool secrets_are_there();
  std::shared_ptr<Engine> engine();
  int end(Engine& engine);

  const CheckedManifest manifest_;
  const HostOptions options_;
  std::map<std::string, std::unique_ptr<Secrets>> secrets_;  // by pipeline
  StateOpening opening_;
  std::mutex mutex_;
  std::shared_ptr<Engine> engine_;
  bool stop_asked_ = false;
};

}  // namespace host
