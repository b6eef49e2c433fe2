// Breaks error_text: it writes its whole line, however small the buffer.
#include "tests/judge/bad_plugins/count.hpp"

namespace {

struct OverflowsErrorText : bad_plugins::Count {
  using Count::Count;
  static std::string_view describe() {
    static const std::string text = describe_as("overflows_error_text");
    return text;
  }
};

}  // namespace

#define connector_next_batch guarded_next_batch
CONNECTOR_PLUGIN(OverflowsErrorText)
#undef connector_next_batch

extern "C" int32_t connector_next_batch(connector_instance* instance,
                                        const connector_request* request, connector_batch* batch,
                                        connector_error* error) {
  const int32_t status = guarded_next_batch(instance, request, batch, error);
  if (status == CONNECTOR_OK || error->size < sizeof *error || !error->text) return status;
  constexpr std::string_view kText = "next_batch was called before configure";
  error->text_size = kText.copy(error->text, kText.size());
  return status;
}
