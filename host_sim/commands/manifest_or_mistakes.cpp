#include "host_sim/commands/manifest_or_mistakes.hpp"

#include <algorithm>
#include <ostream>

#include "host_sim/commands/rehearsal.hpp"
#include "host_sim/plain_text.hpp"
#include "host_sim/plugin_apart.hpp"

namespace host::commands {

namespace {

bool collects(Command command) { return command == Command::kRun || command == Command::kCheck; }

ManifestOrMistakes read(const CommandLine& command_line, const Context& context) {
  FurtherMistakes further;
  if (collects(command_line.command))
    further = [&context](const CheckedManifest& as_far) { return rehearse(as_far, context); };
  const auto take = [&context](const std::set<std::string>& variables) {
    for (const std::string& variable : variables) context.environment.take(variable);
  };
  ManifestOrMistakes reading = read_manifest(command_line.manifest, command_line.plugin_dirs,
                                             further, load_what_survives, take);
  const auto* manifest = std::get_if<CheckedManifest>(&reading);
  if (manifest && command_line.command == Command::kRun &&
      !missing_secrets(*manifest, context).empty()) {
    std::vector<Mistake> mistakes = rehearse(*manifest, context);
    name_pipelines(manifest->manifest, mistakes);
    return mistakes;
  }
  return reading;
}

std::vector<Mistake> unknown_names(const CommandLine& command_line, const Manifest& manifest) {
  std::string known;
  for (const PipelineManifest& pipeline : manifest.pipelines)
    known += (known.empty() ? "" : ", ") + pipeline.name;
  std::vector<Mistake> mistakes;
  for (const std::string& name : command_line.pipelines)
    if (!has_pipeline(manifest, name))
      mistakes.push_back(
          {{}, "", "has no pipeline named " + one_line(name) + "; there is " + known});
  return mistakes;
}

std::optional<CheckedManifest> or_shown(const CommandLine& command_line, const Context& context,
                                        ManifestOrMistakes reading) {
  if (auto* manifest = std::get_if<CheckedManifest>(&reading)) return std::move(*manifest);
  for (const Mistake& mistake : std::get<std::vector<Mistake>>(reading))
    context.err << to_line(command_line.manifest, mistake) << '\n';
  return std::nullopt;
}

}  // namespace

bool has_pipeline(const Manifest& manifest, const std::string& name) {
  return std::any_of(manifest.pipelines.begin(), manifest.pipelines.end(),
                     [&](const PipelineManifest& pipeline) { return pipeline.name == name; });
}

ManifestOrMistakes read_manifest_of(const CommandLine& command_line, const Context& context) {
  ManifestOrMistakes reading = read(command_line, context);
  const auto* manifest = std::get_if<CheckedManifest>(&reading);
  if (!manifest) return reading;
  std::vector<Mistake> mistakes = unknown_names(command_line, manifest->manifest);
  if (!mistakes.empty()) return mistakes;
  return reading;
}

std::optional<CheckedManifest> manifest_whatever_names(const CommandLine& command_line,
                                                       const Context& context) {
  return or_shown(command_line, context, read(command_line, context));
}

std::optional<CheckedManifest> manifest_or_mistakes(const CommandLine& command_line,
                                                    const Context& context) {
  return or_shown(command_line, context, read_manifest_of(command_line, context));
}

std::vector<const PipelineManifest*> chosen(const CommandLine& command_line,
                                            const Manifest& manifest) {
  std::vector<const PipelineManifest*> pipelines;
  const auto& names = command_line.pipelines;
  for (const PipelineManifest& pipeline : manifest.pipelines)
    if (names.empty() || std::find(names.begin(), names.end(), pipeline.name) != names.end())
      pipelines.push_back(&pipeline);
  return pipelines;
}

}  // namespace host::commands
