#include "host_sim/commands/run.hpp"

#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <map>
#include <mutex>

#include "host_sim/commands/manifest_or_mistakes.hpp"
#include "host_sim/commands/properties.hpp"
#include "host_sim/crash_report.hpp"
#include "host_sim/host.hpp"
#include "host_sim/progress_line.hpp"
#include "host_sim/standard_streams.hpp"
#include "host_sim/status/server.hpp"
#include "host_sim/stop_signals.hpp"

namespace host::commands {
namespace {

// A terminal that can be steered, with somebody before it.
bool for_a_person(const CommandLine& command_line, const Context& context) {
  const char* kind = std::getenv("TERM");
  return &context.err == &std::cerr && ::isatty(STDERR_FILENO) != 0 && kind &&
         std::string_view(kind) != "dumb" && command_line.log_format == LogFormat::kText;
}

// Records that scroll by and a line that stays do not go together.
bool records_go_to_the_terminal(const Manifest& manifest) {
  return ::isatty(STDOUT_FILENO) != 0 &&
         std::any_of(manifest.pipelines.begin(), manifest.pipelines.end(),
                     [](const PipelineManifest& pipeline) { return pipeline.output.path.empty(); });
}

constexpr std::chrono::seconds kGrace(5);  // as the host's own

// Carries a signal to the host, also one that came before there was a host. Made by the thread that
// makes the host; for any other.
class Stop {
 public:
  Stop(Log& log, std::string manifest) : log_(log), manifest_(std::move(manifest)) {}

  void ask() {
    log_.info("", "stopping: what was read is being committed");
    const std::lock_guard lock(mutex_);
    asked_ = true;
    if (host_) host_->stop();
  }
  // The grace is over. A host keeps to it itself.
  void insist() {
    {
      const std::lock_guard lock(mutex_);
      if (there_was_a_host_) return;
    }
    end_if_thread_is_inside_a_plugin(maker_);
    log_.error("", manifest_ +
                       ": cannot be read yet, and the host has to stop; give it as a file whose "
                       "end can be read");
    std::_Exit(kExitFailed);
  }
  void pass_on_to(Host* host) {
    const std::lock_guard lock(mutex_);
    host_ = host;
    there_was_a_host_ = true;
    if (asked_ && host_) host_->stop();
  }

 private:
  Log& log_;
  const std::string manifest_;
  const pthread_t maker_ = pthread_self();
  std::mutex mutex_;
  bool asked_ = false;
  bool there_was_a_host_ = false;
  Host* host_ = nullptr;
};

// What is delivered to nobody must not be committed.
bool stdout_is_usable(Log& log, const Manifest& manifest) {
  if (can_be_written(STDOUT_FILENO)) return true;
  for (const PipelineManifest& pipeline : manifest.pipelines) {
    if (!pipeline.output.path.empty()) continue;
    log.error("", manifest.file.string() + ": " + pipeline.key_path +
                      ".output: goes to stdout, which is closed; give it a reader, or say "
                      "{type: file, path: PATH}");
    return false;
  }
  return true;
}

status::Snapshot snapshot_of(Host& host) {
  std::map<std::string, std::vector<Metric>> metrics;
  for (Metric& metric : host.metrics()) {
    std::vector<Metric>& its = metrics[metric.key.pipeline];
    its.push_back(std::move(metric));
  }
  status::Snapshot snapshot{.host = host.figures(), .pipelines = {}};
  for (PipelineStatus& status : host.snapshot()) {
    std::vector<Metric>& its = metrics[status.name];
    snapshot.pipelines.push_back({std::move(status), std::move(its)});
  }
  return snapshot;
}

// Null where none is asked for.
Result<std::unique_ptr<status::Server>> serve_status(const CommandLine& command_line,
                                                     const Context& context, Host& host, Log& log) {
  if (!command_line.status) return std::unique_ptr<status::Server>();
  auto server = status::Server::open({*command_line.status, command_line.status_names},
                                     {.statuses = [&host] { return host.snapshot(); },
                                      .snapshot = [&host] { return snapshot_of(host); }},
                                     context.clock, log);
  if (server) log.info("", "status on " + (*server)->url());
  return server;
}

int run_host(const CommandLine& command_line, const Context& context, Log& log, Stop& stop,
             ProgressLine* progress) {
  ManifestOrMistakes reading = read_manifest_of(command_line, context);
  if (const auto* mistakes = std::get_if<std::vector<Mistake>>(&reading)) {
    for (const Mistake& mistake : *mistakes)
      log.error(mistake.pipeline, to_line(command_line.manifest, mistake));
    return kExitUsage;
  }
  auto& manifest = std::get<CheckedManifest>(reading);
  if (!stdout_is_usable(log, manifest.manifest)) return kExitFailed;
  if (records_go_to_the_terminal(manifest.manifest)) progress = nullptr;
  Host host(std::move(manifest), {.clock = context.clock,
                                  .log = log,
                                  .environment = context.environment,
                                  .once = command_line.once,
                                  .properties = properties_for(log, context.environment)});
  auto status = serve_status(command_line, context, host, log);
  if (!status) {
    log.error("", status.error().text);
    return kExitFailed;
  }
  stop.pass_on_to(&host);
  if (progress) progress->start([&host] { return snapshot_of(host); });
  const int exit_code = host.run();
  if (progress) progress->stop();
  status->reset();
  context.err.flush();
  // A thread is lost in a plugin that hangs: perhaps the one that passes the signal on.
  if (host.abandoned()) std::_Exit(exit_code);
  stop.pass_on_to(nullptr);
  return exit_code;
}

}  // namespace

int run(const CommandLine& command_line, const Context& context) {
  ProgressLine progress(context.log, context.err, [] { return terminal_size(STDERR_FILENO); });
  const bool shows_progress = for_a_person(command_line, context);
  Log& log = shows_progress ? static_cast<Log&>(progress) : context.log;
  Stop stop(log, command_line.manifest.string());
  const StopSignals signals([&stop] { stop.ask(); }, kGrace, [&stop] { stop.insist(); });
  return run_host(command_line, context, log, stop, shows_progress ? &progress : nullptr);
}

}  // namespace host::commands
