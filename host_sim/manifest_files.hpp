// The files that a manifest names: each has one user, and an output is one that can be written.
#pragma once

#include "host_sim/manifest_fields.hpp"
#include "host_sim/manifest_reader.hpp"

namespace host {

// Notes a state and outputs that are the file of somebody else in this manifest (a secret's or a
// plugin's, too; by whatever name: a hard link is the same file), and such as are there
// and are no regular file.
void check_files(const CheckedManifest& checked, Mistakes& mistakes);

}  // namespace host
