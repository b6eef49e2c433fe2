// The helper needs nothing but itself: this file is compiled alone, by both compilers.
#include "connector_plugin.hpp"

namespace {

class Nothing {
 public:
  static std::string_view describe() { return "{}"; }
  explicit Nothing(connector::Host) {}
  connector::Result<void> configure(std::string_view, std::string_view) { return {}; }
  connector::Result<connector::Batch> next_batch(const connector::Request&) {
    return connector::Batch{};
  }
  connector::Result<connector::Batch> check(const connector::Request&) {
    return connector::Batch{};
  }
};

}  // namespace

CONNECTOR_PLUGIN_WITH_CHECK(Nothing)
