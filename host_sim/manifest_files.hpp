// The files that a manifest names: each has one user, and an output is one that can be written.
#pragma once

#include "host_sim/manifest_fields.hpp"

namespace host {

// Notes outputs that are the file of somebody else in this manifest (by whatever name: a hard link
// is the same file), or that are there and are no regular file.
void check_files(const Manifest& manifest, Mistakes& mistakes);

}  // namespace host
