#include "host_sim/host_engine.hpp"

#include <algorithm>
#include <optional>
#include <random>

#include "host_sim/hang_watch.hpp"

namespace host {
namespace {

// Ten thousand begin within a poll interval.
constexpr int64_t kBetweenStarts = 4'000'000;
constexpr int64_t kConfiguredBetween = 10;  // pipelines, at the least

std::map<std::string, std::string> properties_of(const HostOptions& options) {
  std::map<std::string, std::string> properties = options.properties;
  if (options.once) properties["run_once"] = "1";
  return properties;
}

}  // namespace

int64_t with_jitter(int64_t wait_ns) {
  thread_local std::minstd_rand random(std::random_device{}());
  return wait_ns + std::uniform_int_distribution<int64_t>(0, wait_ns / 20)(random);
}

Host::Engine::Engine(const CheckedManifest& the_manifest, const HostOptions& the_options,
                     std::unique_ptr<StateStore> opened, const StateStore::LastRun& last)
    : manifest(the_manifest),
      options(the_options),
      properties(properties_of(options)),
      state(std::move(opened)),
      after_crash(!last.clean_end && !state->first_run()),
      pace(options.clock, after_crash, last.next_slots_ns),
      outputs(options.stdout_descriptor, after_crash, options.crash_points),
      scheduler(options.clock,
                {options.max_workers,
                 [this] {
                   options.log.warning(
                       kNoPipeline,
                       "all " + std::to_string(options.max_workers) +
                           " workers are inside plugins; due pipelines have to wait for one");
                 }}),
      committer(*state, options.clock, options.crash_points, !options.inline_commits),
      context{.services = {options.clock, options.log, pace, metrics, scrubber, properties,
                           options.seed},
              .state = *state,
              .committer = committer,
              .outputs = outputs,
              .scheduler = scheduler,
              .listener = *this,
              .crash_points = options.crash_points,
              .manifest_file = manifest.manifest.file,
              .once = options.once,
              .with_jitter = options.with_jitter},
      farewell(options.clock) {
  pace.keep_holds([this](const Pace::Slots& slots) {
    if (const Result<void> kept = state->keep_slots(slots); !kept)
      options.log.warning(kNoPipeline,
                          "the pause that a service asked for is not in the state, and "
                          "a crash would forget it: " +
                              kept.error().text);
  });
}

// All are configured at once, so that every mistake is told before anything is asked for. Then they
// begin one after the other: of thousands that begin together each would be connected and wait for
// its next turn behind all others. A run that ends has no next turns.
void Host::Engine::make_pipelines(std::map<std::string, std::unique_ptr<Secrets>>& secrets) {
  const auto count = static_cast<int64_t>(manifest.manifest.pipelines.size());
  const bool one_by_one = options.max_workers > 1 && !options.once;
  const int64_t between = one_by_one ? kBetweenStarts : 0;
  int64_t begins_ns = options.clock.monotonic_ns() + count * between / kConfiguredBetween;
  for (const PipelineManifest& pipeline : manifest.manifest.pipelines) {
    pipelines.push_back(std::make_unique<Pipeline>(pipeline, manifest.plugins.at(pipeline.plugin),
                                                   *secrets.at(pipeline.name), context));
    scheduler.add(*pipelines.back(), Task::kAtOnce, begins_ns);
    begins_ns += between;
  }
  if (pipelines.empty()) scheduler.stop();
}

// Mostly a pipeline that was renamed, and would begin anew without a word.
void Host::Engine::warn_of_strays() {
  const Result<std::vector<std::string>> names = state->names();
  if (!names) return;  // the first turn reports it
  for (const std::string& name : *names) {
    const auto same = [&name](const auto& pipeline) { return pipeline->name() == name; };
    if (std::any_of(pipelines.begin(), pipelines.end(), same)) continue;
    options.log.warning(name,
                        "is in the state, but not in the manifest; if it was renamed there, "
                        "the new name begins anew (see `state export` and `state import`)");
  }
}

// One worker is inside every call itself, and sees none of them hang.
void Host::Engine::run() {
  std::optional<HangWatch> watch;
  if (options.max_workers > 1)
    watch.emplace(pipelines, scheduler, options.clock, options.hang_patience_ns);
  scheduler.run(options.stop_grace_ns);
}

void Host::Engine::stop() {
  scheduler.stop();
  for (const auto& pipeline : pipelines) pipeline->cancel();
  outputs.stop();
}

std::vector<PipelineStatus> Host::Engine::statuses() {
  std::vector<PipelineStatus> all;
  for (const auto& pipeline : pipelines) all.push_back(pipeline->status());
  return all;
}

// Those whose last turn, or whose end, does not come to its end.
std::vector<Pipeline*> Host::Engine::hanging() {
  const std::vector<Task*> tasks = scheduler.hanging();
  std::vector<Pipeline*> found;
  for (const auto& pipeline : pipelines)
    if (std::find(tasks.begin(), tasks.end(), pipeline.get()) != tasks.end())
      found.push_back(pipeline.get());
  if (Pipeline* stays = farewell.hanging()) found.push_back(stays);
  return found;
}

void Host::Engine::let_go() {
  const std::vector<Pipeline*> lost = hanging();
  std::vector<Pipeline*> others;
  for (const auto& pipeline : pipelines)
    if (std::find(lost.begin(), lost.end(), pipeline.get()) == lost.end())
      others.push_back(pipeline.get());
  if (options.max_workers > 1) return farewell.say(std::move(others), options.stop_grace_ns);
  for (Pipeline* pipeline : others) pipeline->let_go();
}

void Host::Engine::report(const std::vector<Pipeline*>& lost) {
  for (Pipeline* pipeline : lost) {
    const char* call = pipeline->call_in_progress();
    options.log.error(
        pipeline->name(),
        "does not stop: " +
            (call ? std::string(call) + " of the plugin " + pipeline->plugin_name()
                  : std::string("writing to its output")) +
            " has not returned; it is abandoned, and what it did not commit is read again");
  }
}

// Where something is left torn, the next run begins as after a crash.
Result<void> Host::Engine::end_run() {
  std::map<std::string, int64_t> ours_until;
  bool clean = outputs.settled();
  for (const auto& pipeline : pipelines)
    if (const std::optional<int64_t> until = pipeline->ours_until()) {
      ours_until.emplace(pipeline->name(), *until);
      clean = clean && *until == kNothingOfOurs;
    }
  return state->end_run(pace.next_slots(), ours_until, clean);
}

void Host::Engine::configured(const std::vector<Mistake>& found) {
  const std::lock_guard lock(mutex);
  mistakes.insert(mistakes.end(), found.begin(), found.end());
  if (++configured_count == pipelines.size() && !mistakes.empty()) {
    exit_code = kExitUsage;
    scheduler.stop();
  }
}

void Host::Engine::finished(bool failed) {
  const std::lock_guard lock(mutex);
  if (failed) exit_code = std::max(exit_code, kExitFailed);
  if (++finished_count == pipelines.size()) scheduler.stop();
}

void Host::Engine::reader_gone(const std::string& text) {
  const std::lock_guard lock(mutex);
  if (exit_code == kExitDone) options.log.error(kNoPipeline, text);
  exit_code = std::max(exit_code, kExitFailed);
  scheduler.stop();
}

}  // namespace host
