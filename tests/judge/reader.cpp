#include "tests/judge/reader.hpp"

#include <algorithm>

namespace judge {
namespace {

constexpr int kErrorsInARow = 5;
constexpr size_t kCallsWithoutRecords = 10'000;
constexpr int64_t kOneSecond = 1'000'000'000;

bool may_be_retried(int32_t status) {
  return status == CONNECTOR_ERROR_TRANSIENT || status == CONNECTOR_ERROR_RATE_LIMITED ||
         status == CONNECTOR_ERROR_PROTOCOL || status == CONNECTOR_ERROR_DEADLINE;
}

}  // namespace

HeldBatch Reader::next() {
  connector_batch raw;
  Outcome outcome = instance_.next_batch(raw);
  for (int errors = 1; !outcome.ok(); ++errors) {
    if (!may_be_retried(outcome.status) || errors == kErrorsInARow)
      throw Broken("connector_next_batch failed: " + outcome.describe());
    instance_.host().clock().skip(std::max(outcome.wait_ns, kOneSecond));
    outcome = instance_.next_batch(raw);
  }
  HeldBatch batch(instance_.library(), raw, ++batches_);
  instance_.host().clock().skip(std::max<int64_t>(raw.wait_ns, 0));
  caught_up_ = raw.wait_reason == CONNECTOR_WAIT_IDLE || raw.wait_reason == CONNECTOR_WAIT_END;
  without_records_ = batch.records().empty() ? without_records_ + 1 : 0;
  if (without_records_ > kCallsWithoutRecords)
    throw Broken(std::to_string(kCallsWithoutRecords) +
                 " batches in a row had no record, and none said IDLE or END");
  return batch;
}

}  // namespace judge
