// Breaks load: it is linked without -z nodelete.
#include "tests/judge/bad_plugins/count.hpp"

namespace {

struct CanBeUnloaded : bad_plugins::Count {
  using Count::Count;
  static std::string_view describe() {
    static const std::string text = describe_as("can_be_unloaded");
    return text;
  }
};

}  // namespace

CONNECTOR_PLUGIN(CanBeUnloaded)
