// What plugins are told about this machine and this run.
#pragma once

#include <map>
#include <string>

#include "host_sim/log.hpp"
#include "host_sim/secrets.hpp"

namespace host::commands {

// user_agent, log_level where debug lines are written, and from CONNECTOR_CA_BUNDLE and
// CONNECTOR_PROXY, where they are set, ca_bundle and proxy; in any case the names of the two.
std::map<std::string, std::string> properties_for(const Log& log, SecretEnvironment& environment);

// Takes CONNECTOR_PROXY out of the environment, for it may hold a password. Before any plugin is
// loaded, and any thread started.
void take_proxy(SecretEnvironment& environment);

}  // namespace host::commands
