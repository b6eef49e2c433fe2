// Breaks error_text: when its secret is refused, it says which one it was.
#include "tests/judge/bad_plugins/count.hpp"

namespace {

struct TellsItsSecret : bad_plugins::Count {
  using Count::Count;
  static std::string_view describe() {
    static const std::string text = describe_as(
        "tells_its_secret", R"({"name": "key", "description": "The key", "required": true})");
    return text;
  }
  connector::Result<connector::Batch> next_batch(const connector::Request&) {
    const auto key = host_.secret("key");
    if (!key) return key.error();
    if (key->value() == "the right key") return page(next_ + 10);
    return connector::Error{connector::Status::kAuth,
                            "the key " + std::string(key->value()) + " was refused"};
  }
};

}  // namespace

CONNECTOR_PLUGIN(TellsItsSecret)
