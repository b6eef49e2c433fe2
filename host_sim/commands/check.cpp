#include "host_sim/commands/check.hpp"

#include <nlohmann/json.hpp>

#include "host_sim/commands/check_report.hpp"
#include "host_sim/commands/doubts.hpp"
#include "host_sim/commands/manifest_or_mistakes.hpp"
#include "host_sim/commands/trial.hpp"
#include "host_sim/commands/trial_pace.hpp"
#include "host_sim/file_output.hpp"
#include "host_sim/folders.hpp"
#include "host_sim/plain_text.hpp"

namespace host::commands {
namespace {

using nlohmann::json;

constexpr const char* kLiveTest = "live_test";

// What all pipelines of a manifest have in common.
struct Look {
  const CommandLine& command_line;
  const Context& context;
  const CheckedManifest& checked;
  CheckReport& report;
  TrialPace pace;
  bool state_may_be_older = false;   // than the outputs
  std::optional<Error> state_error;  // it cannot be used
};

// Of a state that is not there: can it be made, or was it lost?
Result<void> check_new_state(const std::filesystem::path& state) {
  const Result<void> folder = check_folder(state.parent_path());
  if (!folder) return folder;
  const Result<std::unique_ptr<StateStore>> lost = StateStore::open_to_look(state);
  return lost ? Result<void>() : lost.error();
}

// What a run would find before it looks at any pipeline.
Result<void> check_state(Look& look) {
  StateStore* const state = look.pace.state();
  if (!state) return check_new_state(look.checked.manifest.state);
  const Result<bool> older = state->may_be_older();
  if (!older) return older.error();
  look.state_may_be_older = *older;
  return {};
}

Look begin_look(const CommandLine& command_line, const Context& context,
                const CheckedManifest& checked, CheckReport& report) {
  Result<TrialPace> pace = TrialPace::take(context.clock, checked.manifest);
  if (!pace)
    return {.command_line = command_line,
            .context = context,
            .checked = checked,
            .report = report,
            .pace = TrialPace(context.clock),
            .state_error = std::move(pace).error()};
  Look look{.command_line = command_line,
            .context = context,
            .checked = checked,
            .report = report,
            .pace = *std::move(pace),
            .state_error = {}};
  if (const Result<void> usable = check_state(look); !usable) look.state_error = usable.error();
  return look;
}

std::string text_of(const PipelineState& state) {
  if (state.plugin.empty()) return "none yet: a first run";
  return std::to_string(state.records) + " records so far" +
         (state.ours_until == kNobodyKnows ? "; imported or restored from an older copy: what "
                                             "was delivered since may come again"
                                           : "");
}

std::string text_of(const std::map<std::string, SecretReference>& secrets) {
  std::string text;
  for (const auto& [name, reference] : secrets)
    text += (text.empty() ? "" : ", ") + name + " from " +
            (reference.kind == SecretReference::Kind::kFile ? "the file " : "the variable ") +
            reference.location;
  return text.empty() ? "none are named" : text;
}

// The steps of one pipeline, one after the other, up to the first that fails.
class PipelineCheck {
 public:
  PipelineCheck(Look& look, const PipelineManifest& pipeline)
      : look_(look),
        report_(look.report),
        pipeline_(pipeline),
        plugin_(look.checked.plugins.at(pipeline.plugin)),
        trial_(pipeline, plugin_, look.context, look.pace.pace()) {}

  void run() {
    report_.begin(pipeline_.name);
    report_.passed("plugin", plugin_->name() + " " +
                                 plugin_->description().at("version").get<std::string>() + ", " +
                                 plugin_->file());
    if (!secrets()) return;
    const std::optional<PipelineState> state = last_commit();
    if (!state || !output(*state) || !settings(state->checkpoint)) return;
    if (plugin_->functions().check) return live_test();
    report_.passed(kLiveTest, plugin_->name() + " has none: nothing was asked of its service");
  }

 private:
  bool secrets() {
    const std::vector<Mistake> problems = trial_.problems();
    for (const Mistake& problem : problems) report_.mistake(problem);
    if (problems.empty()) report_.passed("secrets", text_of(pipeline_.secrets));
    return problems.empty();
  }

  // What a run would go on from; empty where there is none.
  std::optional<PipelineState> last_commit() {
    const Result<PipelineState> state = read_state();
    if (!state) {
      report_.failed("state", state.error().text);
      return std::nullopt;
    }
    report_.passed("state", text_of(*state));
    return *state;
  }

  Result<PipelineState> read_state() {
    if (look_.state_error) return *look_.state_error;
    if (!look_.pace.state()) return PipelineState{};
    Result<std::optional<PipelineState>> state = look_.pace.state()->pipeline(pipeline_.name);
    if (!state) return state.error();
    if (!*state) return PipelineState{};
    if (const Result<void> own = check_maker(**state, pipeline_.plugin, pipeline_.name); !own)
      return own.error();
    // As a run would note it at its start: nobody knows who wrote what stands behind its position.
    if (look_.state_may_be_older) (*state)->ours_until = kNobodyKnows;
    return **state;
  }

  // What a run would meet there.
  bool output(const PipelineState& state) {
    const std::string path = pipeline_.output.path.string();
    if (path.empty()) {
      report_.passed("output", "stdout");
      return true;
    }
    const bool first = state.plugin.empty();
    const Result<std::optional<int64_t>> place = look_at_file_output(
        path, first ? std::nullopt : std::optional(state.output), state.ours_until);
    if (!place)
      report_.failed("output", place.error().text);
    else
      report_.passed("output", path + (*place ? ", from byte " + std::to_string(**place) + " on"
                                              : ", not made yet"));
    return static_cast<bool>(place);
  }

  // What the plugin says about the manifest's settings and the position.
  bool settings(const std::string& checkpoint) {
    const Result<void> configured = trial_.configure(pipeline_.settings, checkpoint);
    if (configured)
      report_.passed("settings", "accepted by " + plugin_->name() + with_doubts());
    else
      refused(configured.error());
    return static_cast<bool>(configured);
  }

  // What is likely wrong, though nobody refuses it: a service may know more than its plugin.
  std::string with_doubts() const {
    std::string text;
    for (const Mistake& doubt : config_mistakes(
             pipeline_, doubts(plugin_->description().at("settings"), pipeline_.settings)))
      text += ", but " + to_line(look_.command_line.manifest, doubt);
    return text;
  }

  // To begin anew is the last resort: the plugin may know a milder one.
  std::string with_reset(const std::string& text) const {
    const std::string reset =
        "host_sim state reset " + look_.command_line.manifest.string() + " " + pipeline_.name;
    const bool has_remedy = remedy_separator(text) != std::string::npos;
    return text + (has_remedy ? " (" + reset + ")" : "; to begin anew: " + reset);
  }

  void refused(const Error& error) {
    const std::string text = trial_.clean(error.text);
    if (error.status == Status::kCheckpoint) return report_.failed("settings", with_reset(text));
    if (error.status != Status::kConfig) return report_.failed("settings", text);
    for (Mistake& mistake : config_mistakes(pipeline_, error.text)) {
      mistake.key_path = trial_.clean(mistake.key_path);
      mistake.text = trial_.clean(mistake.text);
      report_.mistake(mistake);
    }
  }

  void live_test() {
    for (;;) {
      const Result<PluginBatch> batch = trial_.check();
      if (!batch) return report_.failed(kLiveTest, trial_.clean(batch.error().text));
      for (size_t i = 0; i < batch->size(); ++i) step(connector::view(batch->record(i).data));
      if (batch->wait().reason == CONNECTOR_WAIT_END) return;
      trial_.wait(batch->wait().ns);
    }
  }

  // One record of the plugin's live test.
  void step(std::string_view record) {
    const json said = json::parse(record, nullptr, false);
    if (!said.is_object() || !said.contains("ok") || !said["ok"].is_boolean())
      return report_.failed(kLiveTest, "the plugin answered with something that is no step",
                            "tell whoever made " + plugin_->name());
    const auto text = [&](const char* key) {
      const bool is_text = said.contains(key) && said[key].is_string();
      return is_text ? trial_.clean(said[key].get<std::string>()) : "";
    };
    if (said["ok"].get<bool>()) return report_.passed(text("step"), text("detail"));
    report_.failed(text("step"), text("detail"), text("remedy"));
  }

  Look& look_;
  CheckReport& report_;
  const PipelineManifest& pipeline_;
  const std::shared_ptr<const Plugin> plugin_;
  Trial trial_;
};

}  // namespace

int check(const CommandLine& command_line, const Context& context) {
  CheckReport report(context.out, command_line.json, command_line.manifest);
  const ManifestOrMistakes read = read_manifest_of(command_line, context);
  if (const auto* mistakes = std::get_if<std::vector<Mistake>>(&read)) {
    report.mistakes(*mistakes);
    return report.exit_code();
  }
  const auto& checked = std::get<CheckedManifest>(read);
  const size_t pipelines = checked.manifest.pipelines.size();
  report.passed("manifest", command_line.manifest.string() + ", " + std::to_string(pipelines) +
                                (pipelines == 1 ? " pipeline" : " pipelines"));
  Look look = begin_look(command_line, context, checked, report);
  for (const PipelineManifest* pipeline : chosen(command_line, checked.manifest))
    PipelineCheck(look, *pipeline).run();
  return report.exit_code();
}

}  // namespace host::commands
