// Breaks config_errors: settings of a wrong type make it throw across the border.
#include <stdexcept>

#include "tests/judge/bad_plugins/count.hpp"

namespace {

struct LetsAnExceptionOut : bad_plugins::Count {
  using Count::Count;
  static std::string_view describe() {
    static const std::string text = describe_as("lets_an_exception_out");
    return text;
  }
};

}  // namespace

#define connector_configure guarded_configure
CONNECTOR_PLUGIN(LetsAnExceptionOut)
#undef connector_configure

extern "C" int32_t connector_configure(connector_instance* instance,
                                       const connector_configuration* configuration,
                                       connector_error* error) {
  if (connector::view(configuration->settings).find("\"step\":{") != std::string_view::npos)
    throw std::invalid_argument("step is no number");
  return guarded_configure(instance, configuration, error);
}
