// Breaks cancel: nothing comes of it.
#include "tests/judge/bad_plugins/count.hpp"

namespace {

struct ForgetsCancel : bad_plugins::Count {
  using Count::Count;
  static std::string_view describe() {
    static const std::string text = describe_as("forgets_cancel");
    return text;
  }
};

}  // namespace

#define connector_cancel heeded_cancel
CONNECTOR_PLUGIN(ForgetsCancel)
#undef connector_cancel

extern "C" void connector_cancel(connector_instance*) {}
