// What the header says of a batch and of each record in it.

#include "tests/judge/clean_text.hpp"
#include "tests/judge/held_batch.hpp"

namespace judge {
namespace {

constexpr size_t kCheckpointCap = 4 << 20;

void expect(bool holds, const HeldBatch& batch, const std::string& otherwise) {
  if (!holds) throw Broken("batch " + std::to_string(batch.number()) + ": " + otherwise);
}

void expect_record(const HeldBatch& batch, size_t index) {
  const Record& record = batch.records()[index];
  const std::string which = "record " + std::to_string(index) + " (" + record.id + ")";
  expect(!record.id.empty(), batch, which + " has no id");
  expect(is_utf8(record.id), batch, "the id of record " + std::to_string(index) + " is not UTF-8");
  expect(record.data.find_first_of("\r\n") == std::string::npos, batch,
         which + " is not on one line");
  expect(is_json_object(record.data), batch, which + " is not one valid JSON object");
}

void expect_wait(const HeldBatch& batch) {
  const connector_batch& raw = batch.raw();
  expect(raw.wait_ns >= 0, batch, "wait_ns is negative");
  expect(raw.wait_reason >= CONNECTOR_WAIT_NONE && raw.wait_reason <= CONNECTOR_WAIT_END, batch,
         "wait_reason is " + std::to_string(raw.wait_reason));
  const bool waits =
      raw.wait_reason == CONNECTOR_WAIT_NONE || raw.wait_reason == CONNECTOR_WAIT_END;
  expect(!waits || raw.wait_ns == 0, batch, "it waits without a reason to");
}

}  // namespace

void expect_well_formed(const HeldBatch& batch) {
  const connector_batch& raw = batch.raw();
  expect(raw.size == sizeof raw, batch, "the plugin changed its size");
  expect(batch.checkpoint().size() < kCheckpointCap, batch, "the checkpoint is 4 MiB or more");
  expect(raw.progress >= CONNECTOR_PROGRESS_UNKNOWN && raw.progress <= 10000, batch,
         "progress is " + std::to_string(raw.progress));
  expect(raw.release || !raw.owner, batch, "it has an owner, but no release");
  expect(is_clean_line({raw.notice.data, raw.notice.size}), batch,
         "the notice is not one clean line");
  expect_wait(batch);
  for (size_t i = 0; i < batch.records().size(); ++i) expect_record(batch, i);
}

}  // namespace judge
