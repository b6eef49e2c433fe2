#include "host_sim/commands/preview.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <utility>

#include "host_sim/commands/forecast.hpp"
#include "host_sim/commands/manifest_or_mistakes.hpp"
#include "host_sim/commands/trial.hpp"
#include "host_sim/commands/trial_pace.hpp"
#include "host_sim/plain_text.hpp"
#include "host_sim/wording.hpp"

namespace host::commands {
namespace {

constexpr int64_t kShortWait = 5 * kNsPerSecond;
constexpr int64_t kNotableWait = 30 * kNsPerSecond;
constexpr int kMostSteps = 9;  // of a run, to see where its backfill would begin

// In [from_s, end_s), where they are known.
std::vector<int64_t> times_of(const PluginBatch& batch, int64_t from_s, int64_t end_s) {
  std::vector<int64_t> times;
  for (size_t i = 0; i < batch.size(); ++i) {
    const int64_t time_ns = batch.record(i).event_time_ns;
    const int64_t time_s = time_ns / kNsPerSecond;
    if (time_ns != CONNECTOR_TIME_UNKNOWN && time_s >= from_s && time_s < end_s)
      times.push_back(time_ns);
  }
  return times;
}

size_t size_of_character(char first) {
  const auto byte = static_cast<unsigned char>(first);
  return byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

// Of one of at most three bytes, as JSON writes it.
std::string escape(std::string_view character) {
  unsigned code = static_cast<unsigned char>(character[0]);
  if (character.size() == 2) code &= 0x1F;
  if (character.size() == 3) code &= 0x0F;
  for (const char c : character.substr(1)) code = code << 6 | (static_cast<unsigned>(c) & 0x3F);
  char text[8];
  std::snprintf(text, sizeof text, "\\u%04x", code);
  return text;
}

// The same JSON, without characters that steer a terminal or turn its text around.
std::string for_a_terminal(std::string_view record) {
  std::string shown;
  for (size_t i = 0; i < record.size();) {
    const std::string_view character = record.substr(i, size_of_character(record[i]));
    const bool is_harmless = character[0] == '\t' || one_line(character) == character;
    shown += is_harmless ? std::string(character) : escape(character);
    i += character.size();
  }
  return shown;
}

bool is_terminal(const std::ostream& out) {
  return &out == &std::cout && ::isatty(STDOUT_FILENO) != 0;
}

// Prints up to `left` records; true when there is nothing more to wait for.
bool print(std::ostream& out, const PluginBatch& batch, int64_t& left) {
  const bool shows = is_terminal(out);
  for (size_t i = 0; i < batch.size() && left > 0; ++i, --left) {
    const std::string_view record = connector::view(batch.record(i).data);
    if (shows)
      out << for_a_terminal(record) << '\n';
    else
      out << record << '\n';
  }
  out.flush();
  const int32_t reason = batch.wait().reason;
  return left <= 0 || !out || reason == CONNECTOR_WAIT_IDLE || reason == CONNECTOR_WAIT_END;
}

// It may be over by then.
bool deserves_another_try(const Error& error) {
  const bool passes = error.status == Status::kTransient || error.status == Status::kDeadline;
  return passes && error.wait.ns <= kShortWait;
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
    const int64_t wanted = left;
    for (bool again = true;;) {
      const Result<PluginBatch> batch = trial.next_batch();
      if (batch) {
        sample_.add(times_of(*batch, INT64_MIN, INT64_MAX));
        if (print(context_.out, *batch, left)) break;
        wait(trial, batch->wait().ns);
      } else if (std::exchange(again, false) && deserves_another_try(batch.error())) {
        trial.wait(std::max(batch.error().wait.ns, kNsPerSecond));
      } else {
        return failed(trial, batch.error());
      }
    }
    const ToldGauges told(trial.metrics());
    if (left == wanted && context_.out) tell_empty(told);
    note_if_complete(told);
    return kExitDone;
  }

  // One line for each cause, as `check` has it.
  int failed(Trial& trial, const Error& error) {
    const std::string text = trial.clean(error.text);
    if (error.status == Status::kConfig)
      static_cast<void>(refused(config_mistakes(pipeline_, text)));
    else
      context_.err << text << '\n';
    return kExitFailed;
  }

  void wait(Trial& trial, int64_t wait_ns) {
    if (wait_ns >= kNotableWait)
      context_.err << "waiting " << duration_text(wait_ns)
                   << ", for the pace allows no request before; Ctrl-C ends it\n";
    trial.wait(wait_ns);
  }

  void tell_empty(const ToldGauges& told) {
    const auto start_s = told.edge("start", "backfill");
    const int64_t now_s = context_.clock.wall_ns() / kNsPerSecond;
    context_.err << "no record"
                 << (start_s ? " in the last " + rough_span(static_cast<double>(now_s - *start_s))
                             : "")
                 << '\n';
  }

  void note_if_complete(const ToldGauges& told) {
    const auto start = told.edge("start", "backfill");
    const auto done = told.edge("done", "backfill");
    const auto end = told.edge("end", "backfill");
    if (start && done && end && *done >= *end) sample_.complete(*end - *start);
  }

  void tell_forecast() {
    if (run_is_ready_) run_is_ready_ = look_at_beginning();
    if (!run_is_ready_) {
      context_.err << "what a full run would fetch is not known: "
                   << run_.clean(run_is_ready_.error().text) << '\n';
      return;
    }
    for (const std::string& line :
         forecast(ToldGauges(run_.metrics()), sample_, pace_.pace().longest_interval_ns()))
      context_.err << line << '\n';
  }

  // A few requests, with which a plugin may learn the time of its service, and then read where the
  // backfill begins: the newest records lie in one place, and may lie closer than all others.
  Result<void> look_at_beginning() {
    std::optional<int64_t> began;
    Sample there;
    for (int steps = 0; steps < kMostSteps && !there.density();) {
      const Result<PluginBatch> batch = run_.next_batch();
      if (!batch && !began) return batch.error();
      if (!batch) break;
      const bool waits_for_pace = batch->wait().reason == CONNECTOR_WAIT_RATE_LIMIT;
      if (waits_for_pace && batch->size() == 0) {
        wait(run_, batch->wait().ns);
        continue;
      }
      ++steps;
      const ToldGauges told(run_.metrics());
      const auto done = told.edge("done", "backfill");
      const auto end = told.edge("end", "backfill");
      if (!done || !end || *done >= *end) break;
      if (!began) began = done;
      there.add(times_of(*batch, *began, *end));
      if (*done > *began) {
        there.complete(*done - *began);
        break;
      }
    }
    sample_.include(there);
    return {};
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
