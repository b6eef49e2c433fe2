// Breaks struct_sizes: it takes every request for one of its own size.
#include "tests/judge/bad_plugins/count.hpp"

namespace {

struct IgnoresSizes : bad_plugins::Count {
  using Count::Count;
  static std::string_view describe() {
    static const std::string text = describe_as("ignores_sizes");
    return text;
  }
};

}  // namespace

#define connector_next_batch guarded_next_batch
CONNECTOR_PLUGIN(IgnoresSizes)
#undef connector_next_batch

extern "C" int32_t connector_next_batch(connector_instance* instance,
                                        const connector_request* request, connector_batch* batch,
                                        connector_error* error) {
  connector_request whole = *request;
  whole.size = sizeof whole;
  return guarded_next_batch(instance, &whole, batch, error);
}
