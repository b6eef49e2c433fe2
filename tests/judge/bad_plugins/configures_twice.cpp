// Breaks call_order: a second connector_configure is taken without a word.
#include "tests/judge/bad_plugins/count.hpp"

namespace {

struct ConfiguresTwice : bad_plugins::Count {
  using Count::Count;
  static std::string_view describe() {
    static const std::string text = describe_as("configures_twice");
    return text;
  }
};

}  // namespace

#define connector_configure once
CONNECTOR_PLUGIN(ConfiguresTwice)
#undef connector_configure

extern "C" int32_t connector_configure(connector_instance* instance,
                                       const connector_configuration* configuration,
                                       connector_error* error) {
  const int32_t status = once(instance, configuration, error);
  return status == CONNECTOR_ERROR_INTERNAL && configuration->size >= sizeof *configuration
             ? CONNECTOR_OK
             : status;
}
