#include "host_sim/commands/shown_states.hpp"

#include "host_sim/clock.hpp"
#include "host_sim/plain_text.hpp"
#include "host_sim/told_position.hpp"
#include "host_sim/wording.hpp"

namespace host::commands {
namespace {

using nlohmann::ordered_json;

std::string time_or(const std::optional<int64_t>& seconds, const char* unknown) {
  return seconds ? time_text(*seconds * kNsPerSecond) : unknown;
}

std::string range_text(const TimeRange& range) {
  std::string text = time_or(range.start_s, "?") + " to " + time_or(range.end_s, "now") +
                     ", read to " + time_or(range.done_s, "?");
  if (range.start_s && range.done_s && range.done_s == range.end_s) text += ": complete";
  return text;
}

std::string output_text(const OutputPosition& output) {
  if (output.kind != "file") return "stdout";
  return one_line(output.path) + ", " + counted(output.position, "byte");
}

std::string line(std::string name, const std::string& value) {
  constexpr size_t kWidth = 17;
  name.resize(std::max(name.size() + 1, kWidth), ' ');
  return "  " + name + value + "\n";
}

// Of the last error.
bool is_over(const ShownState& state) {
  return state.committed && state.committed->updated_ns > state.report.error->time_ns;
}

std::string committed_lines(const PipelineState& state) {
  return line("plugin", one_line(state.plugin)) + line("records", std::to_string(state.records)) +
         line("last commit", time_text(state.updated_ns)) +
         line("output", output_text(state.output)) +
         line("checkpoint", counted(static_cast<int64_t>(state.checkpoint.size()), "byte"));
}

std::string told_lines(const ToldPosition& told) {
  std::string text;
  for (const TimeRange& range : told.ranges) text += line(one_line(range.name), range_text(range));
  if (told.late_sweep_s) text += line("last late sweep", time_or(told.late_sweep_s, ""));
  if (told.remembered_ids) text += line("remembered ids", std::to_string(*told.remembered_ids));
  return text;
}

std::string error_text(const ShownState& state) {
  const std::optional<LastError>& error = state.report.error;
  if (!error) return "none";
  return time_text(error->time_ns) + ": " + one_line(error->text) +
         (is_over(state) ? " (it has delivered since)" : "");
}

std::string block(const std::string& name, const ShownState& state) {
  std::string text = one_line(name) + "\n";
  text += state.committed ? committed_lines(*state.committed) : line("last commit", "none");
  text += told_lines(position_of(state.report.gauges));
  // The checkpoint is the plugin's own: what it means is known once a run has gone on from it.
  if (state.committed && state.report.gauges.empty())
    text += line("ranges", "told by the next run, as after an import");
  return text + line("last error", error_text(state));
}

ordered_json time_json(const std::optional<int64_t>& seconds) {
  return seconds ? ordered_json(time_text(*seconds * kNsPerSecond)) : ordered_json();
}

ordered_json json_of(const TimeRange& range) {
  return {{"name", range.name},
          {"start", time_json(range.start_s)},
          {"done", time_json(range.done_s)},
          {"end", time_json(range.end_s)}};
}

void add_committed(ordered_json& to, const PipelineState& state) {
  to["plugin"] = state.plugin;
  to["records"] = state.records;
  to["last_commit"] = time_text(state.updated_ns);
  to["checkpoint_bytes"] = state.checkpoint.size();
  to["output"] = {{"kind", state.output.kind},
                  {"path", state.output.path},
                  {"position", state.output.position}};
}

ordered_json json_of(const std::string& name, const ShownState& state) {
  ordered_json shown = {
      {"name", name},           {"plugin", nullptr},           {"records", nullptr},
      {"last_commit", nullptr}, {"checkpoint_bytes", nullptr}, {"output", nullptr}};
  if (state.committed) add_committed(shown, *state.committed);
  const ToldPosition told = position_of(state.report.gauges);
  shown["ranges"] = ordered_json::array();
  for (const TimeRange& range : told.ranges) shown["ranges"].push_back(json_of(range));
  shown["last_late_sweep"] = time_json(told.late_sweep_s);
  shown["remembered_ids"] =
      told.remembered_ids ? ordered_json(*told.remembered_ids) : ordered_json();
  const std::optional<LastError>& error = state.report.error;
  shown["last_error"] = nullptr;
  if (error)
    shown["last_error"] = {{"time", time_text(error->time_ns)},
                           {"text", error->text},
                           {"delivered_since", is_over(state)}};
  return shown;
}

}  // namespace

Result<ShownStates> look_at(StateStore& store) {
  Result<PipelineStates> states = store.pipelines();
  if (!states) return std::move(states).error();
  Result<std::map<std::string, StateReport>> reports = store.reports();
  if (!reports) return std::move(reports).error();
  ShownStates shown;
  for (auto& [name, report] : *reports) shown[name].report = std::move(report);
  for (auto& [name, state] : *states) shown[name].committed = std::move(state);
  return shown;
}

std::string to_table(const ShownStates& states) {
  std::string table;
  for (const auto& [name, state] : states)
    table += (table.empty() ? "" : "\n") + block(name, state);
  return table;
}

ordered_json to_json(const ShownStates& states) {
  ordered_json all = {{"pipelines", ordered_json::array()}};
  for (const auto& [name, state] : states) all["pipelines"].push_back(json_of(name, state));
  return all;
}

}  // namespace host::commands
