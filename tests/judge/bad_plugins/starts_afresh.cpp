// Breaks checkpoint_replay: a checkpoint that was cut is taken for a first run.
#include "tests/judge/bad_plugins/count.hpp"

namespace {

struct StartsAfresh : bad_plugins::Count {
  using Count::Count;
  static std::string_view describe() {
    static const std::string text = describe_as("starts_afresh");
    return text;
  }
  connector::Result<void> configure(std::string_view settings, std::string_view checkpoint) {
    const bool cut = checkpoint.substr(0, 6) == "count " && checkpoint.back() != '.';
    return Count::configure(settings, cut ? std::string_view() : checkpoint);
  }
};

}  // namespace

CONNECTOR_PLUGIN(StartsAfresh)
