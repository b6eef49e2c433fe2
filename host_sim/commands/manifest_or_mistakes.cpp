#include "host_sim/commands/manifest_or_mistakes.hpp"

#include <algorithm>
#include <ostream>

#include "host_sim/commands/rehearsal.hpp"
#include "host_sim/plain_text.hpp"

namespace host::commands {

namespace {

bool collects(Command command) { return command == Command::kRun || command == Command::kCheck; }

void show(const CommandLine& command_line, const Context& context,
          const std::vector<Mistake>& mistakes) {
  for (const Mistake& mistake : mistakes)
    context.err << to_line(command_line.manifest, mistake) << '\n';
}

}  // namespace

bool has_pipeline(const Manifest& manifest, const std::string& name) {
  return std::any_of(manifest.pipelines.begin(), manifest.pipelines.end(),
                     [&](const PipelineManifest& pipeline) { return pipeline.name == name; });
}

std::optional<CheckedManifest> manifest_whatever_names(const CommandLine& command_line,
                                                       const Context& context) {
  FurtherMistakes further;
  if (collects(command_line.command))
    further = [&context](const CheckedManifest& as_far) { return rehearse(as_far, context); };
  auto read = read_manifest(command_line.manifest, command_line.plugin_dirs, further);
  if (const auto* mistakes = std::get_if<std::vector<Mistake>>(&read)) {
    show(command_line, context, *mistakes);
    return std::nullopt;
  }
  CheckedManifest& manifest = std::get<CheckedManifest>(read);
  if (command_line.command == Command::kRun && !missing_secrets(manifest, context).empty()) {
    show(command_line, context, rehearse(manifest, context));
    return std::nullopt;
  }
  return std::move(manifest);
}

std::optional<CheckedManifest> manifest_or_mistakes(const CommandLine& command_line,
                                                    const Context& context) {
  std::optional<CheckedManifest> manifest = manifest_whatever_names(command_line, context);
  if (!manifest) return std::nullopt;
  for (const std::string& name : command_line.pipelines) {
    if (has_pipeline(manifest->manifest, name)) continue;
    context.err << command_line.manifest.string() << ": has no pipeline named " << one_line(name)
                << '\n';
    return std::nullopt;
  }
  return manifest;
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
