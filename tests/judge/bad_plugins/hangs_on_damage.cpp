// Breaks checkpoint_replay: it never comes back from a checkpoint that was cut.
#include <unistd.h>

#include "tests/judge/bad_plugins/count.hpp"

namespace {

struct HangsOnDamage : bad_plugins::Count {
  using Count::Count;
  static std::string_view describe() {
    static const std::string text = describe_as("hangs_on_damage");
    return text;
  }
  connector::Result<void> configure(std::string_view settings, std::string_view checkpoint) {
    while (checkpoint.substr(0, 6) == "count " && checkpoint.back() != '.') pause();
    return Count::configure(settings, checkpoint);
  }
};

}  // namespace

CONNECTOR_PLUGIN(HangsOnDamage)
