// The manifest of a command line, read for a command.
#pragma once

#include <optional>

#include "host_sim/command_line.hpp"
#include "host_sim/commands/context.hpp"
#include "host_sim/manifest_reader.hpp"

namespace host::commands {

// Nothing when the manifest has mistakes, or the command line names a pipeline that it has not:
// each is then on `context.err`, and the command ends with kExitUsage.
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
