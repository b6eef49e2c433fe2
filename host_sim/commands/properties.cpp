#include "host_sim/commands/properties.hpp"

#include <cstdlib>

namespace host::commands {
namespace {

constexpr const char* kCaBundle = "CONNECTOR_CA_BUNDLE";
constexpr const char* kProxy = "CONNECTOR_PROXY";

}  // namespace

std::map<std::string, std::string> properties_for(const Log& log, SecretEnvironment& environment) {
  std::map<std::string, std::string> properties{{"user_agent", "host_sim/" HOST_SIM_VERSION},
                                                {"ca_bundle_setting", kCaBundle},
                                                {"proxy_setting", kProxy}};
  if (log.writes(LogLevel::kDebug)) properties["log_level"] = "debug";
  if (const char* bundle = std::getenv(kCaBundle)) properties["ca_bundle"] = bundle;
  if (const auto proxy = environment.take(kProxy)) properties["proxy"] = proxy->text();
  return properties;
}

void take_proxy(SecretEnvironment& environment) { environment.take(kProxy); }

}  // namespace host::commands
