#include "host_sim/commands/preview.hpp"

#include <ostream>

#include "host_sim/commands/manifest_or_mistakes.hpp"
#include "host_sim/commands/trial.hpp"
#include "host_sim/commands/trial_pace.hpp"
#include "host_sim/retry_policy.hpp"

namespace host::commands {
namespace {

// The settings as the plugin wants them for a quick look.
nlohmann::json preview_settings(const PipelineManifest& pipeline, const Plugin& plugin) {
  nlohmann::json settings = pipeline.settings;
  const auto& description = plugin.description();
  if (description.contains("preview")) settings.merge_patch(description["preview"]);
  return settings;
}

// Prints up to `left` records; true when there is nothing more to wait for.
bool print(std::ostream& out, const PluginBatch& batch, int64_t& left) {
  for (size_t i = 0; i < batch.size() && left > 0; ++i, --left)
    out << connector::view(batch.record(i).data) << '\n';
  out.flush();
  const int32_t reason = batch.wait().reason;
  return left <= 0 || !out || reason == CONNECTOR_WAIT_IDLE || reason == CONNECTOR_WAIT_END;
}

int print_records(const Context& context, Trial& trial, int64_t left) {
  RetryPolicy retry(true);
  for (;;) {
    const Result<PluginBatch> batch = trial.next_batch();
    if (batch) {
      if (print(context.out, *batch, left)) return kExitDone;
      trial.wait(batch->wait().ns);
      continue;
    }
    const Decision decision = retry.failed(batch.error(), false);
    context.err << trial.clean(batch.error().text) << '\n';
    if (decision.remedy != Remedy::kRetry) return kExitFailed;
    trial.wait(decision.wait_ns);
  }
}

int preview_pipeline(const Context& context, const CheckedManifest& checked,
                     const PipelineManifest& pipeline, int64_t records, Pace& pace) {
  const auto plugin = checked.plugins.at(pipeline.plugin);
  Trial trial(pipeline, plugin, context, pace);
  std::vector<Mistake> mistakes = trial.problems();
  if (mistakes.empty()) {
    const Result<void> configured = trial.configure(preview_settings(pipeline, *plugin), "");
    if (configured) return print_records(context, trial, records);
    mistakes = config_mistakes(pipeline, configured.error().text);
  }
  for (const Mistake& mistake : mistakes)
    context.err << trial.clean(to_line(checked.manifest.file, mistake)) << '\n';
  return kExitUsage;
}

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
  return preview_pipeline(context, *manifest, *pipelines.front(), command_line.records,
                          pace->pace());
}

}  // namespace host::commands
