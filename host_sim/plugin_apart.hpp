// A plugin that is looked at by a process of its own, which it may bring down.
#pragma once

#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "host_sim/plugin.hpp"

namespace host {

// How long a plugin may take to be loaded and described.
constexpr std::chrono::seconds kLongestDescribing(10);

// What the plugin says of itself, loaded by a child process as load_plugin does it: its refusals,
// and CONFIG with the call where the child came to no good end. Nothing of the plugin runs in this
// process. One that has not answered within `limit` is killed. For the thread that main runs on:
// the child ends with it, and takes over the handlers of crashes (report_crashes).
Result<nlohmann::json> describe_apart(const std::filesystem::path& file,
                                      const std::optional<std::string>& sha256 = {},
                                      std::chrono::milliseconds limit = kLongestDescribing);

// load_plugin of what has come through that, or is loaded already.
Result<std::shared_ptr<const Plugin>> load_what_survives(const std::filesystem::path& file,
                                                         const std::optional<std::string>& sha256);

}  // namespace host
