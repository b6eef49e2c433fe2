// Breaks checkpoint_replay: a checkpoint that was cut brings the process down.
#include <cstdlib>

#include "tests/judge/bad_plugins/count.hpp"

namespace {

struct CrashesOnDamage : bad_plugins::Count {
  using Count::Count;
  static std::string_view describe() {
    static const std::string text = describe_as("crashes_on_damage");
    return text;
  }
  connector::Result<void> configure(std::string_view settings, std::string_view checkpoint) {
    if (checkpoint.substr(0, 6) == "count " && checkpoint.back() != '.') std::abort();
    return Count::configure(settings, checkpoint);
  }
};

}  // namespace

CONNECTOR_PLUGIN(CrashesOnDamage)
