#include "host_sim/commands/preview.hpp"

#include <algorithm>
#include <functional>
#include <iostream>
#include <utility>

#include "host_sim/commands/forecast.hpp"
#include "host_sim/commands/manifest_or_mistakes.hpp"
#include "host_sim/commands/terminal_text.hpp"
#include "host_sim/commands/trial.hpp"
#include "host_sim/commands/trial_pace.hpp"
#include "host_sim/wording.hpp"

namespace host::commands {
namespace {

constexpr int64_t kShortWait = 5 * kNsPerSecond;
constexpr int64_t kNotableWait = 30 * kNsPerSecond;
constexpr int64_t kWaitToTell = kNsPerSecond;
constexpr int kMostSteps = 9;  // of a run, to see where its backfill would begin
constexpr int kMostEmpty = 5;  // more of them, as long as there is nothing there

// Those whose times are known.
std::vector<SeenRecord> seen_in(const PluginBatch& batch) {
  std::vector<SeenRecord> seen;
  for (size_t i = 0; i < batch.size(); ++i) {
    const connector_record record = batch.record(i);
    if (record.event_time_ns != CONNECTOR_TIME_UNKNOWN)
      seen.push_back(
          {record.event_time_ns, std::hash<std::string_view>()(connector::view(record.id))});
  }
  return seen;
}

bool are_within(const std::vector<SeenRecord>& records, int64_t from_s, int64_t end_s) {
  return std::all_of(records.begin(), records.end(), [&](const SeenRecord& record) {
    const int64_t time_s = record.time_ns / kNsPerSecond;
    return time_s >= from_s && time_s < end_s;
  });
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
    const std::string checkpoint = state->value_or(PipelineState{}).checkpoint;
    run_is_fresh_ = checkpoint.empty();
    return run_.configure(pipeline_.settings, checkpoint);
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
    ToldGauges before({});
    for (bool again = true;;) {
      const Result<PluginBatch> batch = trial.next_batch();
      if (batch) {
        seen_.newest.add(seen_in(*batch));
        ToldGauges now(trial.metrics());
        note_read(before, now, true, seen_.newest, seen_.newest);
        before = std::move(now);
        if (print(context_.out, *batch, left)) break;
        wait(trial, batch->wait());
      } else if (std::exchange(again, false) && deserves_another_try(batch.error())) {
        trial.wait(std::max(batch.error().wait.ns, kNsPerSecond));
      } else {
        return failed(trial, batch.error());
      }
    }
    if (left == wanted && context_.out) tell_empty(before);
    return kExitDone;
  }

  // One line for each cause, as `check` has it.
  int failed(Trial& trial, const Error& error) {
    for (const std::string& line : lines_of(trial, error)) context_.err << line << '\n';
    return kExitFailed;
  }

  std::vector<std::string> lines_of(Trial& trial, const Error& error) const {
    if (!is_about_settings(plugin_->description(), error)) return {trial.clean(error.text)};
    std::vector<std::string> lines;
    for (const Mistake& mistake : config_mistakes(pipeline_, error.text))
      lines.push_back(trial.clean(to_line(checked_.manifest.file, mistake)));
    return lines;
  }

  void wait(Trial& trial, const connector::Wait& wait) {
    if (wait.ns >= kNotableWait)
      context_.err << "waiting " << duration_text(wait.ns)
                   << ", for the pace allows no request before; Ctrl-C ends it\n";
    else if (wait.reason == CONNECTOR_WAIT_RATE_LIMIT)
      tell_pace();
    trial.wait(wait.ns);
  }

  // Once, before the first wait for a slow pace: else nobody knows what takes so long.
  void tell_pace() {
    const int64_t interval_ns = pace_.pace().longest_interval_ns();
    if (interval_ns < kWaitToTell || std::exchange(told_pace_, true)) return;
    context_.err << "this takes a while, for a request goes out every "
                 << duration_text(interval_ns) << " only, as the pace wants it; Ctrl-C ends it\n";
  }

  // Once, to somebody who has seen the last record come and waits for the end.
  void tell_what_is_still_to_come() {
    if (std::exchange(told_what_comes_, true) || !is_terminal(context_.err)) return;
    context_.err << "the records are complete; to come is an estimate of what a full run would "
                    "fetch, after a few more requests at the pace; Ctrl-C ends it without that\n";
  }

  void tell_empty(const ToldGauges& told) {
    const auto start_s = told.edge("start", "backfill");
    const int64_t now_s = context_.clock.wall_ns() / kNsPerSecond;
    context_.err << "no record"
                 << (start_s ? " in the last " + rough_span(static_cast<double>(now_s - *start_s))
                             : "")
                 << '\n';
  }

  void tell_forecast() {
    if (run_is_ready_) run_is_ready_ = look_at_beginning();
    if (!run_is_ready_) {
      std::string causes;
      for (const std::string& line : lines_of(run_, run_is_ready_.error()))
        causes += (causes.empty() ? "" : "; ") + line;
      context_.err << "what a full run would fetch is not known: " << causes << '\n';
      return;
    }
    for (const std::string& line : forecast(told_.value_or(ToldGauges(run_.metrics())), seen_,
                                            pace_.pace().longest_interval_ns()))
      context_.err << line << '\n';
  }

  // A few requests, with which a plugin may learn the time of its service, and then read where the
  // backfill begins: the newest records lie in one place, and may lie closer than all others.
  Result<void> look_at_beginning() {
    ToldGauges before({});
    int most = kMostSteps;
    for (int steps = 0; steps < most && !seen_.beginning.density();) {
      const Result<PluginBatch> batch = run_.next_batch();
      if (!batch && !told_) return batch.error();
      if (!batch) break;
      if (batch->wait().reason == CONNECTOR_WAIT_RATE_LIMIT && batch->size() == 0) {
        if (batch->wait().ns >= kWaitToTell) tell_what_is_still_to_come();
        wait(run_, batch->wait());
        continue;
      }
      ++steps;
      ToldGauges now(run_.metrics());
      if (!told_) told_ = now;
      const auto done = now.edge("done", "backfill");
      const auto end = now.edge("end", "backfill");
      if (!done || !end) break;
      add_seen(*batch, told_->edge("done", "backfill").value_or(*done), *end);
      note_read(before, now, run_is_fresh_, seen_.beginning, seen_.newest);
      if (*done >= *end) break;
      const bool passed = before.edge("done", "backfill").value_or(*done) < *done;
      if (passed) most = std::min(most + 1, kMostSteps + kMostEmpty);
      before = std::move(now);
    }
    return {};
  }

  void add_seen(const PluginBatch& batch, int64_t from_s, int64_t end_s) {
    const std::vector<SeenRecord> seen = seen_in(batch);
    Sample& sample = are_within(seen, from_s, end_s) ? seen_.beginning : seen_.newest;
    sample.add(seen);
  }

  const Context& context_;
  const CheckedManifest& checked_;
  const PipelineManifest& pipeline_;
  const std::shared_ptr<const Plugin> plugin_;
  TrialPace& pace_;
  Trial run_;
  Result<void> run_is_ready_;
  bool run_is_fresh_ = true;
  std::optional<ToldGauges> told_;  // by the run, before it read anything
  Seen seen_;
  bool told_pace_ = false;
  bool told_what_comes_ = false;
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
