#include "host_sim/host.hpp"

#include "host_sim/host_engine.hpp"

namespace host {

Host::Host(CheckedManifest manifest, HostOptions options)
    : manifest_(std::move(manifest)),
      options_(std::move(options)),
      opening_(manifest_.manifest, options_.clock, options_.log) {
  for (const PipelineManifest& pipeline : manifest_.manifest.pipelines)
    secrets_[pipeline.name] = std::make_unique<Secrets>(pipeline.secrets, options_.environment);
}

Host::~Host() = default;

int Host::run() {
  if (!secrets_are_there()) return kExitUsage;
  Result<OpenedRun> opened = opening_.open(options_.crash_points, !options_.once);
  if (!opened) {
    if (opened.error().status == Status::kCancelled) return kExitDone;
    options_.log.error(kNoPipeline, opened.error().text);
    return kExitFailed;
  }
  auto engine =
      std::make_shared<Engine>(manifest_, options_, std::move(opened->state), opened->last);
  engine->make_pipelines(secrets_);
  engine->warn_of_strays();
  bool stop_asked = false;
  {
    const std::lock_guard lock(mutex_);
    engine_ = engine;
    stop_asked = stop_asked_;
  }
  if (stop_asked) engine->stop();
  engine->run();
  return end(*engine);
}

bool Host::secrets_are_there() {
  bool all = true;
  for (const PipelineManifest& pipeline : manifest_.manifest.pipelines)
    for (const Mistake& mistake : secrets_.at(pipeline.name)->problems()) {
      options_.log.error(pipeline.name, to_line(manifest_.manifest.file, mistake));
      all = false;
    }
  return all;
}

int Host::end(Engine& engine) {
  engine.committer.drain();
  for (const auto& pipeline : engine.pipelines) pipeline->log_counts();
  engine.let_go();
  const std::vector<Pipeline*> lost = engine.hanging();
  engine.report(lost);
  for (const Mistake& mistake : engine.mistakes)
    options_.log.error(mistake.pipeline, to_line(manifest_.manifest.file, mistake));
  if (!lost.empty()) return kExitFailed;
  options_.crash_points.at("before_clean_end");
  const Result<void> ended = engine.end_run();
  if (!ended)
    options_.log.warning(kNoPipeline,
                         "the state does not say that this run ended well, so that the "
                         "next one begins as after a crash: " +
                             ended.error().text);
  return engine.exit_code;
}

// Outside of the lock, for a plugin's cancel may hang although it must not.
void Host::stop() {
  std::shared_ptr<Engine> running;
  {
    const std::lock_guard lock(mutex_);
    stop_asked_ = true;
    running = engine_;
  }
  opening_.stop();
  if (running) running->stop();
}

bool Host::abandoned() {
  const std::shared_ptr<Engine> ended = engine();
  return ended && !ended->hanging().empty();
}

std::shared_ptr<Host::Engine> Host::engine() {
  const std::lock_guard lock(mutex_);
  return engine_;
}

std::vector<PipelineStatus> Host::snapshot() {
  const std::shared_ptr<Engine> running = engine();
  return running ? running->statuses() : opening_.statuses();
}

HostFigures Host::figures() {
  const std::shared_ptr<Engine> running = engine();
  if (!running) return {};
  return {running->scheduler.delays(), running->committer.counts()};
}

std::vector<Metric> Host::metrics() {
  const std::shared_ptr<Engine> running = engine();
  return running ? running->metrics.snapshot() : std::vector<Metric>();
}

}  // namespace host
