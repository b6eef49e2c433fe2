// Breaks version: it says that it needs a major version that this host does not have.
#include "tests/judge/bad_plugins/count.hpp"

namespace {

struct NeedsAbi2 : bad_plugins::Count {
  using Count::Count;
  static std::string_view describe() {
    static const std::string text = describe_as("needs_abi_2");
    return text;
  }
};

}  // namespace

#undef CONNECTOR_ABI_VERSION
#define CONNECTOR_ABI_VERSION (2u << 16)
CONNECTOR_PLUGIN(NeedsAbi2)
