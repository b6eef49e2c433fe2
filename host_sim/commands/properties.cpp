#include "host_sim/commands/properties.hpp"

#include <cstdlib>

namespace host::commands {

std::map<std::string, std::string> properties_for(const Log& log, SecretEnvironment& environment) {
  std::map<std::string, std::string> properties{{"user_agent", "host_sim/" HOST_SIM_VERSION}};
  if (log.writes(LogLevel::kDebug)) properties["log_level"] = "debug";
  if (const char* bundle = std::getenv("CONNECTOR_CA_BUNDLE")) properties["ca_bundle"] = bundle;
  if (const auto proxy = environment.take("CONNECTOR_PROXY")) properties["proxy"] = proxy->text();
  return properties;
}

}  // namespace host::commands
