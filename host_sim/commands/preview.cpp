#include "host_sim/commands/preview.hpp"

#include <ostream>

#include "host_sim/commands/forecast.hpp"
#include "host_sim/commands/manifest_or_mistakes.hpp"
#include "host_sim/commands/trial.hpp"
#include "host_sim/commands/trial_pace.hpp"
#include "host_sim/retry_policy.hpp"

namespace host::commands {
namespace {

std::vector<int64_t> times_of(const PluginBatch& batch) {
  std::vector<int64_t> times;
  for (size_t i = 0; i < batch.size(); ++i)
    if (const int64_t time_ns = batch.record(i).event_time_ns; time_ns != CONNECTOR_TIME_UNKNOWN)
      times.push_back(time_ns);
  return times;
}

// Prints up to `left` records; true when there is nothing more to wait for.
bool print(std::ostream& out, const PluginBatch& batch, int64_t& left) {
  for (size_t i = 0; i < batch.size() && left > 0; ++i, --left)
    out << connector::view(batch.record(i).data) << '\n';
  out.flush();
  const int32_t reason = batch.wait().reason;
  return left <= 0 || !out || reason == CONNECTOR_WAIT_IDLE || reason == CONNECTOR_WAIT_END;
}

// Of one pipeline. Beside the instance that is looked at there is one that is set as a run's would
// be, since a plugin may want other settings for a quick look.
class Preview {
 public:
  Preview(const Context& context, const CheckedManifest& checked, const PipelineManifest& pipeline,
          TrialPace& pace)
      : context_(context),
        checked_(checked),
        pipeline_(pipeline),
        plugin_(checked.plugins.at(pipeline.plugin)),
        pace_(pace),
        run_(pipeline, plugin_, context, pace.pace()) {}

  int show(int64_t records) {
    if (const std::vector<Mistake> mistakes = run_.problems(); !mistakes.empty())
      return refused(mistakes);
    run_is_ready_ = ready_run();
    if (!run_is_ready_ && run_is_ready_.error().status == Status::kConfig)
      return refused(config_mistakes(pipeline_, run_is_ready_.error().text));
    const int exit_code = show_records(records);
    if (exit_code == kExitDone && context_.out) tell_forecast();
    return exit_code;
  }

 private:
  int refused(const std::vector<Mistake>& mistakes) {
    for (const Mistake& mistake : mistakes)
      context_.err << run_.clean(to_line(checked_.manifest.file, mistake)) << '\n';
    return kExitUsage;
  }

  // From the last commit, or from the beginning where there is none.
  Result<void> ready_run() {
    if (!pace_.state()) return run_.configure(pipeline_.settings, "");
    const auto state = pace_.state()->pipeline(pipeline_.name);
    if (!state) return state.error();
    return run_.configure(pipeline_.settings, state->value_or(PipelineState{}).checkpoint);
  }

  // The settings as the plugin wants them for a quick look.
  nlohmann::json quick_settings() const {
    nlohmann::json settings = pipeline_.settings;
    const auto& description = plugin_->description();
    if (description.contains("preview")) settings.merge_patch(description["preview"]);
    return settings;
  }

  int show_records(int64_t left) {
    Trial trial(pipeline_, plugin_, context_, pace_.pace());
    const Result<void> configured = trial.configure(quick_settings(), "");
    if (!configured) return refused(config_mistakes(pipeline_, configured.error().text));
    RetryPolicy retry(true);
    for (;;) {
      const Result<PluginBatch> batch = trial.next_batch();
      if (batch) {
        sample_.add(times_of(*batch));
        if (print(context_.out, *batch, left)) break;
        trial.wait(batch->wait().ns);
        continue;
      }
      const Decision decision = retry.failed(batch.error(), false);
      context_.err << trial.clean(batch.error().text) << '\n';
      if (decision.remedy != Remedy::kRetry) return kExitFailed;
      trial.wait(decision.wait_ns);
    }
    note_if_complete(ToldGauges(trial.metrics()));
    return kExitDone;
  }

  void note_if_complete(const ToldGauges& told) {
    const auto start = told.edge("start", "backfill");
    const auto done = told.edge("done", "backfill");
    const auto end = told.edge("end", "backfill");
    if (start && done && end && *done >= *end) sample_.complete(*end - *start);
  }

  void tell_forecast() {
    if (run_is_ready_) run_is_ready_ = take_first_step();
    if (!run_is_ready_) {
      context_.err << "what a full run would fetch is not known: "
                   << run_.clean(run_is_ready_.error().text) << '\n';
      return;
    }
    for (const std::string& line :
         forecast(ToldGauges(run_.metrics()), sample_, pace_.pace().longest_interval_ns()))
      context_.err << line << '\n';
  }

  // One request at most, with which a plugin may learn the time of its service.
  Result<void> take_first_step() {
    for (;;) {
      const Result<PluginBatch> batch = run_.next_batch();
      if (!batch) return batch.error();
      const bool waits_for_pace = batch->wait().reason == CONNECTOR_WAIT_RATE_LIMIT;
      if (!waits_for_pace || batch->size() > 0) return {};
      run_.wait(batch->wait().ns);
    }
  }

  const Context& context_;
  const CheckedManifest& checked_;
  const PipelineManifest& pipeline_;
  const std::shared_ptr<const Plugin> plugin_;
  TrialPace& pace_;
  Trial run_;
  Result<void> run_is_ready_;
  Sample sample_;
};

}  // namespace

int preview(const CommandLine& command_line, const Context& context) {
  const std::optional<CheckedManifest> manifest = manifest_or_mistakes(command_line, context);
  if (!manifest) return kExitUsage;
  const auto pipelines = chosen(command_line, manifest->manifest);
  if (pipelines.size() != 1) {
    context.err << "preview: the manifest has " << pipelines.size()
                << " pipelines; name one with --pipeline NAME\n";
    return kExitUsage;
  }
  Result<TrialPace> pace = TrialPace::take(context.clock, manifest->manifest);
  if (!pace) {
    context.err << pace.error().text << '\n';
    return kExitFailed;
  }
  return Preview(context, *manifest, *pipelines.front(), *pace).show(command_line.records);
}

}  // namespace host::commands
