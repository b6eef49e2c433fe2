// The manifest of a command line, read for a command.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "host_sim/command_line.hpp"
#include "host_sim/commands/context.hpp"
#include "host_sim/manifest_reader.hpp"

namespace host::commands {

using ManifestOrMistakes = std::variant<CheckedManifest, std::vector<Mistake>>;

// The manifest, or all its mistakes. A name on the command line that it has not is one.
ManifestOrMistakes read_manifest_of(const CommandLine& command_line, const Context& context);

// The same; the mistakes are then on `context.err`, and the command ends with kExitUsage.
std::optional<CheckedManifest> manifest_or_mistakes(const CommandLine& command_line,
                                                    const Context& context);

// The same, but the names may be of any pipeline.
std::optional<CheckedManifest> manifest_whatever_names(const CommandLine& command_line,
                                                       const Context& context);

bool has_pipeline(const Manifest& manifest, const std::string& name);

// The pipelines that the command line names, or all.
std::vector<const PipelineManifest*> chosen(const CommandLine& command_line,
                                            const Manifest& manifest);

}  // namespace host::commands
