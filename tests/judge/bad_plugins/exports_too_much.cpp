// Breaks exports: it is linked without a version script, and one of its own functions is visible.
#include "tests/judge/bad_plugins/count.hpp"

namespace {

struct ExportsTooMuch : bad_plugins::Count {
  using Count::Count;
  static std::string_view describe() {
    static const std::string text = describe_as("exports_too_much");
    return text;
  }
};

}  // namespace

extern "C" CONNECTOR_EXPORT int another_function();
extern "C" int another_function() { return 1; }

CONNECTOR_PLUGIN(ExportsTooMuch)
