#include "host_sim/commands/check.hpp"

#include <algorithm>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <ostream>

#include "host_sim/commands/manifest_or_mistakes.hpp"
#include "host_sim/commands/trial.hpp"
#include "host_sim/commands/trial_pace.hpp"

namespace host::commands {
namespace {

using nlohmann::json;

// The steps of one pipeline, each on a line as soon as it is known.
class Report {
 public:
  Report(std::ostream& out, Trial& trial) : out_(out), trial_(trial) {}

  void step(bool ok, const std::string& name, const std::string& detail,
            const std::string& remedy) {
    failed_ = failed_ || !ok;
    out_ << (ok ? "ok    " : "FAIL  ") << std::left << std::setw(12) << trial_.clean(name) << ' '
         << trial_.clean(detail);
    if (!ok && !remedy.empty()) out_ << "; " << trial_.clean(remedy);
    out_ << std::endl;
  }
  void failure(const std::string& name, const std::string& text) { step(false, name, text, ""); }
  bool failed() const { return failed_; }

 private:
  std::ostream& out_;
  Trial& trial_;
  bool failed_ = false;
};

// One record of the plugin's live test.
void show_step(Report& report, std::string_view record) {
  const json step = json::parse(record, nullptr, false);
  if (!step.is_object() || !step.contains("ok") || !step["ok"].is_boolean())
    return report.failure("check", "the plugin answered with something that is no step");
  const auto text = [&step](const char* key) {
    return step.contains(key) && step[key].is_string() ? step[key].get<std::string>() : "";
  };
  report.step(step["ok"].get<bool>(), text("step"), text("detail"), text("remedy"));
}

void run_live_test(Report& report, Trial& trial) {
  for (;;) {
    Result<PluginBatch> batch = trial.check();
    if (!batch) return report.failure("check", batch.error().text);
    for (size_t i = 0; i < batch->size(); ++i)
      show_step(report, connector::view(batch->record(i).data));
    if (batch->wait().reason == CONNECTOR_WAIT_END) return;
    trial.wait(batch->wait().ns);
  }
}

// What all pipelines of a manifest have in common.
struct Look {
  const Context& context;
  const CommandLine& command_line;
  const CheckedManifest& checked;
  TrialPace pace;
  std::optional<Error> state_error;  // it cannot be used
};

Look begin_look(const Context& context, const CommandLine& command_line,
                const CheckedManifest& checked) {
  Result<TrialPace> pace = TrialPace::take(context.clock, checked.manifest);
  if (pace) return {context, command_line, checked, *std::move(pace), {}};
  return {context, command_line, checked, TrialPace(context.clock), std::move(pace).error()};
}

// The last commit, which a run would go on from; empty where there is none.
Result<PipelineState> state_of(Look& look, const PipelineManifest& pipeline) {
  if (look.state_error) return *look.state_error;
  if (!look.pace.state()) return PipelineState{};
  Result<std::optional<PipelineState>> state = look.pace.state()->pipeline(pipeline.name);
  if (!state) return std::move(state).error();
  return state->value_or(PipelineState{});
}

void show_mistakes(const Context& context, const Manifest& manifest, Trial& trial,
                   const std::vector<Mistake>& mistakes) {
  for (const Mistake& mistake : mistakes)
    context.err << trial.clean(to_line(manifest.file, mistake)) << '\n';
}

// What the plugin says about the manifest's settings and the position. Usage: 2.
int test_settings(Look& look, const PipelineManifest& pipeline, Trial& trial, Report& report,
                  const std::string& checkpoint) {
  const Result<void> configured = trial.configure(pipeline.settings, checkpoint);
  if (configured) {
    report.step(true, "settings", "accepted by " + pipeline.plugin, "");
    return kExitDone;
  }
  const Error& error = configured.error();
  if (error.status == Status::kConfig) {
    show_mistakes(look.context, look.checked.manifest, trial,
                  config_mistakes(pipeline, error.text));
    return kExitUsage;
  }
  const std::string remedy = "to begin anew: host_sim state reset " +
                             look.command_line.manifest.string() + " " + pipeline.name;
  report.step(false, "settings", error.text,
              error.status == Status::kCheckpoint ? remedy : std::string());
  return kExitFailed;
}

int check_pipeline(Look& look, const PipelineManifest& pipeline) {
  const auto plugin = look.checked.plugins.at(pipeline.plugin);
  Trial trial(pipeline, plugin, look.context, look.pace.pace());
  Report report(look.context.out, trial);
  look.context.out << pipeline.name << '\n';
  if (const std::vector<Mistake> problems = trial.problems(); !problems.empty()) {
    show_mistakes(look.context, look.checked.manifest, trial, problems);
    return kExitUsage;
  }
  const Result<PipelineState> state = state_of(look, pipeline);
  if (!state) {
    report.failure("state", state.error().text);
    return kExitFailed;
  }
  report.step(true, "state",
              state->plugin.empty() ? "none yet: a first run"
                                    : std::to_string(state->records) + " records so far",
              "");
  const int settings = test_settings(look, pipeline, trial, report, state->checkpoint);
  if (settings != kExitDone) return settings;
  if (plugin->functions().check) run_live_test(report, trial);
  return report.failed() ? kExitFailed : kExitDone;
}

}  // namespace

int check(const CommandLine& command_line, const Context& context) {
  const std::optional<CheckedManifest> manifest = manifest_or_mistakes(command_line, context);
  if (!manifest) return kExitUsage;
  Look look = begin_look(context, command_line, *manifest);
  int exit_code = kExitDone;
  for (const PipelineManifest* pipeline : chosen(command_line, manifest->manifest))
    exit_code = std::max(exit_code, check_pipeline(look, *pipeline));
  return exit_code;
}

}  // namespace host::commands
