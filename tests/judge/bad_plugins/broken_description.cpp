// Breaks description: a comma too many.
#include "tests/judge/bad_plugins/count.hpp"

namespace {

struct BrokenDescription : bad_plugins::Count {
  using Count::Count;
  static std::string_view describe() { return R"({"name": "broken_description",})"; }
};

}  // namespace

CONNECTOR_PLUGIN(BrokenDescription)
