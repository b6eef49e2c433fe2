// What the environment tells plugins about this machine.
#pragma once

#include <map>
#include <string>

namespace host::commands {

// user_agent, and from CONNECTOR_CA_BUNDLE and CONNECTOR_PROXY, where they are set, ca_bundle and
// proxy. Before any thread is started.
std::map<std::string, std::string> properties_from_environment();

}  // namespace host::commands
