// Breaks error_text, where secrets are refused: then it forgets to give its loan back.
#include "tests/judge/bad_plugins/count.hpp"

namespace {

struct KeepsItsLoan : bad_plugins::Count {
  using Count::Count;
  static std::string_view describe() {
    static const std::string text = describe_as(
        "keeps_its_loan", R"({"name": "key", "description": "The key", "required": true})");
    return text;
  }
  connector::Result<connector::Batch> next_batch(const connector::Request&) {
    auto key = host_.secret("key");
    if (!key) return key.error();
    if (key->value() == "the right key") return page(next_ + 10);
    kept_ = std::make_unique<connector::Secret>(*std::move(key));
    return connector::Error{connector::Status::kAuth, "the key was refused"};
  }

 private:
  std::unique_ptr<connector::Secret> kept_;
};

}  // namespace

CONNECTOR_PLUGIN(KeepsItsLoan)
