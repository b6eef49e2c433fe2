#include "host_sim/commands/state.hpp"

#include <date/date.h>

#include <algorithm>
#include <chrono>
#include <iomanip>
#include <iostream>
#include <iterator>

#include "host_sim/commands/manifest_or_mistakes.hpp"
#include "host_sim/state_export.hpp"
#include "host_sim/state_store.hpp"

namespace host::commands {
namespace {

int failed(const Context& context, const Error& error) {
  context.err << error.text << '\n';
  return kExitFailed;
}

std::string time_text(int64_t ns) {
  const auto time = date::floor<std::chrono::seconds>(
      date::sys_time<std::chrono::nanoseconds>(std::chrono::nanoseconds(ns)));
  return date::format("%FT%TZ", time);
}

// Those that the command line names, or all.
PipelineStates chosen_states(const CommandLine& command_line, const PipelineStates& all) {
  if (command_line.pipelines.empty()) return all;
  PipelineStates states;
  for (const std::string& name : command_line.pipelines)
    if (const auto found = all.find(name); found != all.end()) states.insert(*found);
  return states;
}

// What is committed, also while a host runs.
Result<PipelineStates> look(const CommandLine& command_line, const Manifest& manifest) {
  Result<std::unique_ptr<StateStore>> store = StateStore::open_to_look(manifest.state);
  if (!store) return std::move(store).error();
  if (!*store) return PipelineStates();
  Result<PipelineStates> all = (*store)->pipelines();
  if (!all) return all;
  return chosen_states(command_line, *all);
}

void show_row(std::ostream& out, const std::string& name, const PipelineState& state) {
  const bool file = state.output.kind == "file";
  out << std::left << std::setw(24) << name << ' ' << std::setw(20) << state.plugin << ' '
      << std::right << std::setw(12) << state.records << ' ' << std::setw(16)
      << state.checkpoint.size() << ' ' << std::setw(14)
      << (file ? std::to_string(state.output.position) : "-") << "  " << time_text(state.updated_ns)
      << "  " << (file ? state.output.path : "stdout") << '\n';
}

int show(const CommandLine& command_line, const Context& context, const Manifest& manifest) {
  const Result<PipelineStates> states = look(command_line, manifest);
  if (!states) return failed(context, states.error());
  if (states->empty()) context.out << manifest.state.string() << ": holds nothing yet\n";
  if (states->empty()) return kExitDone;
  context.out << std::left << std::setw(24) << "PIPELINE" << ' ' << std::setw(20) << "PLUGIN" << ' '
              << std::right << std::setw(12) << "RECORDS" << ' ' << std::setw(16)
              << "CHECKPOINT BYTES" << ' ' << std::setw(14) << "OUTPUT BYTES"
              << "  " << std::left << std::setw(20) << "LAST COMMIT"
              << "  OUTPUT\n";
  for (const auto& [name, state] : *states) show_row(context.out, name, state);
  return kExitDone;
}

int export_states(const CommandLine& command_line, const Context& context,
                  const Manifest& manifest) {
  const Result<PipelineStates> states = look(command_line, manifest);
  if (!states) return failed(context, states.error());
  context.out << to_json(*states).dump(2) << '\n';
  return kExitDone;
}

// Yes by the command line, or by somebody who read the question.
bool agreed(const CommandLine& command_line, const Context& context, const std::string& question) {
  if (command_line.yes) return true;
  context.err << question << " [y/N] " << std::flush;
  std::string answer;
  std::getline(context.in, answer);
  const bool yes = answer == "y" || answer == "yes";
  if (!yes) context.err << "nothing was changed; --yes answers in advance\n";
  return yes;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

int replace(const Context& context, const Manifest& manifest,
            const std::vector<std::string>& remove, const PipelineStates& add) {
  Result<std::unique_ptr<StateStore>> store = StateStore::open(manifest.state);
  if (!store) return failed(context, store.error());
  const Result<void> replaced = (*store)->replace(remove, add);
  return replaced ? kExitDone : failed(context, replaced.error());
}

// By name alone, for a row that is damaged can be forgotten, too.
Result<std::vector<std::string>> names_to_reset(const CommandLine& command_line,
                                                const Manifest& manifest) {
  Result<std::unique_ptr<StateStore>> store = StateStore::open_to_look(manifest.state);
  if (!store) return std::move(store).error();
  if (!*store) return std::vector<std::string>();
  Result<std::vector<std::string>> names = (*store)->names();
  if (!names || command_line.pipelines.empty()) return names;
  std::erase_if(*names, [&](const std::string& name) {
    const auto& wanted = command_line.pipelines;
    return std::find(wanted.begin(), wanted.end(), name) == wanted.end();
  });
  return names;
}

int reset(const CommandLine& command_line, const Context& context, const Manifest& manifest) {
  const Result<std::vector<std::string>> names = names_to_reset(command_line, manifest);
  if (!names) return failed(context, names.error());
  if (names->empty()) {
    context.err << manifest.state.string() << ": holds nothing of that; nothing was changed\n";
    return kExitDone;
  }
  if (!agreed(command_line, context,
              "Begin anew with " + joined(*names) +
                  "? Records that are fetched again are appended to the output once more."))
    return kExitFailed;
  return replace(context, manifest, *names, {});
}

int import_states(const CommandLine& command_line, const Context& context,
                  const Manifest& manifest) {
  const std::string text(std::istreambuf_iterator<char>(context.in), {});
  const Result<PipelineStates> all = states_from_json(text);
  if (!all) return failed(context, all.error());
  const PipelineStates states = chosen_states(command_line, *all);
  // The question cannot be asked on the stream that the states came from.
  if (!command_line.yes) {
    std::vector<std::string> names;
    for (const auto& [name, ignored] : states) names.push_back(name);
    context.err << "state import: would replace the state of " << joined(names)
                << "; nothing was changed, say --yes to do it\n";
    return kExitUsage;
  }
  return replace(context, manifest, {}, states);
}

}  // namespace

int state(const CommandLine& command_line, const Context& context) {
  const std::optional<CheckedManifest> manifest = manifest_or_mistakes(command_line, context);
  if (!manifest) return kExitUsage;
  switch (command_line.command) {
    case Command::kStateReset:
      return reset(command_line, context, manifest->manifest);
    case Command::kStateExport:
      return export_states(command_line, context, manifest->manifest);
    case Command::kStateImport:
      return import_states(command_line, context, manifest->manifest);
    default:
      return show(command_line, context, manifest->manifest);
  }
}

}  // namespace host::commands
