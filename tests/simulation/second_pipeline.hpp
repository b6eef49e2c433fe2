// The second pipeline of a world that has one.
#pragma once

#include <map>
#include <string>

#include "tests/simulation/history.hpp"

namespace simulation {

constexpr const char* kSecondPipeline = "second";
constexpr const char* kSecondOutput = "second.ndjson";

// For the manifest's list: `settings` are those of the first one, and so is the secret.
std::string second_pipeline(std::map<std::string, std::string> settings);
// What the laws of delivery look at, as if it had been the only one.
History second_history(const History& history);

}  // namespace simulation
