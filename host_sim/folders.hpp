// Folders of files that have to survive a power cut.
#pragma once

#include <filesystem>

#include "plugin_api/connector_plugin.hpp"

namespace host {

// Creates the folder and its parents where they are missing.
connector::Result<void> make_folder(const std::filesystem::path& folder);
// Whether that could be done, and files made in it; nothing is changed.
connector::Result<void> check_folder(const std::filesystem::path& folder);
// The folder itself, or the one below which it would be made.
std::filesystem::path nearest_folder(const std::filesystem::path& folder);
// Files of the kernel look like any other, and writing to them changes the system; none can be
// made.
bool is_of_the_kernel(const std::filesystem::path& path);
// Makes the names in it durable: files that were created, renamed or removed.
connector::Result<void> sync_folder(const std::filesystem::path& folder);

}  // namespace host
