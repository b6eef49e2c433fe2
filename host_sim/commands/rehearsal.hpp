// All that can be known to be wrong with a manifest without a run.
#pragma once

#include <vector>

#include "host_sim/commands/context.hpp"
#include "host_sim/manifest_reader.hpp"

namespace host::commands {

// Secrets that are not there.
std::vector<Mistake> missing_secrets(const CheckedManifest& checked, const Context& context);

// These, and what each plugin says of the settings that its schema lets pass. For a manifest that
// is refused already: so that everything is told at once.
std::vector<Mistake> rehearse(const CheckedManifest& checked, const Context& context);

}  // namespace host::commands
