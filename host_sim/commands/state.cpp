#include "host_sim/commands/state.hpp"

#include <algorithm>
#include <iostream>
#include <iterator>

#include "host_sim/commands/manifest_or_mistakes.hpp"
#include "host_sim/commands/shown_states.hpp"
#include "host_sim/commands/state_overview.hpp"
#include "host_sim/plain_text.hpp"
#include "host_sim/state_export.hpp"
#include "host_sim/state_store.hpp"

namespace host::commands {
namespace {

constexpr size_t kMostBlocks = 4;  // of more than that nobody keeps a view

int failed(const Context& context, const Error& error) {
  context.err << one_line(error.text) << '\n';
  return kExitFailed;
}

// Those that the command line names, or all.
template <class States>
States chosen_states(const CommandLine& command_line, States all) {
  if (command_line.pipelines.empty()) return all;
  States states;
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

// One that the command line names is shown in full, and so are a few.
void print(const CommandLine& command_line, const Context& context, const ShownStates& states) {
  if (states.size() <= kMostBlocks || !command_line.pipelines.empty()) {
    context.out << to_table(states);
    return;
  }
  context.out << to_overview(states);
  context.err << "all of one: host_sim state show " << command_line.manifest.string() << " NAME\n";
}

int show(const CommandLine& command_line, const Context& context, const Manifest& manifest) {
  Result<std::unique_ptr<StateStore>> store = StateStore::open_to_look(manifest.state);
  if (!store) return failed(context, store.error());
  Result<ShownStates> all = *store ? look_at(**store) : ShownStates();
  if (!all) return failed(context, all.error());
  const ShownStates states = chosen_states(command_line, *std::move(all));
  if (command_line.json)
    context.out << to_json(states).dump(2) << '\n';
  else if (states.empty())
    context.out << manifest.state.string() << ": holds nothing yet\n";
  else
    print(command_line, context, states);
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
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + one_line(name);
  return text;
}

std::vector<std::string> names_of(const PipelineStates& states) {
  std::vector<std::string> names;
  for (const auto& [name, ignored] : states) names.push_back(name);
  return names;
}

int unknown(const Context& context, const std::string& nobody, const std::string& name,
            const std::vector<std::string>& there) {
  context.err << nobody << " a pipeline named " << one_line(name)
              << (there.empty() ? "" : "; there is " + joined(there)) << '\n';
  return kExitUsage;
}

// All that the state holds, also where it is damaged.
Result<std::vector<std::string>> names_in_state(const Manifest& manifest) {
  Result<std::unique_ptr<StateStore>> store = StateStore::open_to_look(manifest.state);
  if (!store) return std::move(store).error();
  if (!*store) return std::vector<std::string>();
  return (*store)->names();
}

// What the command line names must be in the manifest or, after a renaming, in the state.
int refuse_unknown(const CommandLine& command_line, const Context& context,
                   const Manifest& manifest) {
  if (command_line.pipelines.empty()) return kExitDone;
  const Result<std::vector<std::string>> there = names_in_state(manifest);
  if (!there) return failed(context, there.error());
  for (const std::string& name : command_line.pipelines) {
    const bool in_state = std::find(there->begin(), there->end(), name) != there->end();
    if (!in_state && !has_pipeline(manifest, name))
      return unknown(context, "neither " + command_line.manifest.string() + " nor its state has",
                     name, *there);
  }
  return kExitDone;
}

// `done` is told once it is done.
int replace(const Context& context, StateStore& store, const std::vector<std::string>& remove,
            const PipelineStates& add, const std::string& done) {
  const Result<void> replaced = store.replace(remove, add);
  if (!replaced) return failed(context, replaced.error());
  context.err << done << '\n';
  return kExitDone;
}

// By name alone, for a row that is damaged can be forgotten, too.
Result<std::vector<std::string>> names_to_reset(const CommandLine& command_line,
                                                const Manifest& manifest) {
  Result<std::vector<std::string>> names = names_in_state(manifest);
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
  // While a host runs there is no question. Let go at once: whoever thinks about it holds up none.
  if (const Result<StateLock> free = StateLock::hold(manifest.state); !free)
    return failed(context, free.error());
  if (!agreed(command_line, context,
              "Begin anew with " + joined(*names) +
                  "? Records that are fetched again are appended to the output once more."))
    return kExitFailed;
  const Result<std::unique_ptr<StateStore>> store = StateStore::open(manifest.state);
  if (!store) return failed(context, store.error());
  return replace(context, **store, *names, {}, "state reset: forgot " + joined(*names));
}

// Where the state is further on than the export. One that is damaged says nothing.
void warn_of_older(const Context& context, StateStore& store, const PipelineStates& imported) {
  for (const auto& [name, state] : imported) {
    const Result<std::optional<PipelineState>> there = store.pipeline(name);
    if (!there || !*there || (*there)->records <= state.records) continue;
    context.err << "state import: " << name << " had got to " << (*there)->records
                << " records here, and the export is of " << state.records
                << ": what came since is read again; move its output away first, or the next run "
                   "stops\n";
  }
}

// A slip of the pen, or a pipeline that is still to be renamed.
void warn_of_strangers(const CommandLine& command_line, const Context& context,
                       const Manifest& manifest, const PipelineStates& imported) {
  for (const auto& [name, state] : imported)
    if (!has_pipeline(manifest, name))
      context.err << "state import: no pipeline of " << command_line.manifest.string()
                  << " is named " << one_line(name)
                  << ", so its position is kept and used by none; give a pipeline that name to go "
                     "on from it\n";
}

// "replace the state of a, and take over b, c".
Result<std::string> intention(const Manifest& manifest, const PipelineStates& states) {
  const Result<std::vector<std::string>> there = names_in_state(manifest);
  if (!there) return there.error();
  std::vector<std::string> replaced, added;
  for (const std::string& name : names_of(states))
    (std::find(there->begin(), there->end(), name) == there->end() ? added : replaced)
        .push_back(name);
  const std::string replace = replaced.empty() ? "" : "replace the state of " + joined(replaced);
  if (added.empty()) return replace;
  return replace + (replaced.empty() ? "" : ", and ") + "take over " + joined(added);
}

int ask_for_yes(const Context& context, const Manifest& manifest, const PipelineStates& states) {
  const Result<std::string> intended = intention(manifest, states);
  if (!intended) return failed(context, intended.error());
  context.err << "state import: would " << *intended
              << "; nothing was changed, say --yes to do it\n";
  return kExitUsage;
}

int import_states(const CommandLine& command_line, const Context& context,
                  const Manifest& manifest) {
  const std::string text(std::istreambuf_iterator<char>(context.in), {});
  const Result<PipelineStates> all = states_from_json(text);
  if (!all) return failed(context, all.error());
  for (const std::string& name : command_line.pipelines)
    if (!all->contains(name))
      return unknown(context, "the export does not hold", name, names_of(*all));
  const PipelineStates states = chosen_states(command_line, *all);
  if (states.empty()) context.err << "the export holds nothing; nothing was changed\n";
  if (states.empty()) return kExitDone;
  // The question cannot be asked on the stream that the states came from.
  if (!command_line.yes) return ask_for_yes(context, manifest, states);
  const Result<std::unique_ptr<StateStore>> store = StateStore::open(manifest.state);
  if (!store) return failed(context, store.error());
  warn_of_older(context, **store, states);
  warn_of_strangers(command_line, context, manifest, states);
  return replace(context, **store, {}, states,
                 "state import: took over " + joined(names_of(states)));
}

}  // namespace

int state(const CommandLine& command_line, const Context& context) {
  const std::optional<CheckedManifest> manifest = manifest_whatever_names(command_line, context);
  if (!manifest) return kExitUsage;
  if (command_line.command == Command::kStateImport)
    return import_states(command_line, context, manifest->manifest);
  const int known = refuse_unknown(command_line, context, manifest->manifest);
  if (known != kExitDone) return known;
  switch (command_line.command) {
    case Command::kStateReset:
      return reset(command_line, context, manifest->manifest);
    case Command::kStateExport:
      return export_states(command_line, context, manifest->manifest);
    default:
      return show(command_line, context, manifest->manifest);
  }
}

}  // namespace host::commands
