// Breaks batch_lifetime: its records are valid JSON, but pretty-printed.
#include "tests/judge/bad_plugins/count.hpp"

namespace {

struct BreaksLines : bad_plugins::Count {
  using Count::Count;
  static std::string_view describe() {
    static const std::string text = describe_as("breaks_lines");
    return text;
  }
  connector::Result<connector::Batch> next_batch(const connector::Request&) {
    static constexpr std::string_view kPretty = "{\n  \"count\": 1\n}";
    connector::Batch batch = page(next_ + 10);
    for (connector_record& record : batch.records) record.data = connector::text(kPretty);
    return batch;
  }
};

}  // namespace

CONNECTOR_PLUGIN(BreaksLines)
