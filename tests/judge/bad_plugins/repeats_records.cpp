// Breaks checkpoint_replay: its checkpoint lies one record before the end of the batch.
#include "tests/judge/bad_plugins/count.hpp"

namespace {

struct RepeatsRecords : bad_plugins::Count {
  using Count::Count;
  static std::string_view describe() {
    static const std::string text = describe_as("repeats_records");
    return text;
  }
  connector::Result<connector::Batch> next_batch(const connector::Request&) {
    return page(next_ + 9);
  }
};

}  // namespace

CONNECTOR_PLUGIN(RepeatsRecords)
