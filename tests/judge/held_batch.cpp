#include "tests/judge/held_batch.hpp"

#include <string_view>
#include <utility>

namespace judge {
namespace {

std::string copy(connector_text text) {
  return text.size == 0 ? std::string() : std::string(text.data, text.size);
}

}  // namespace

HeldBatch::HeldBatch(const Library& library, const connector_batch& raw, size_t number)
    : library_(&library), raw_(raw), number_(number) {
  if (raw_.record_count > 0 && (!raw_.records || raw_.record_stride < sizeof(connector_record)))
    throw Broken("batch " + std::to_string(number) + " has " + std::to_string(raw_.record_count) +
                 " records, but no array of them or a stride below sizeof(connector_record)");
  records_.reserve(raw_.record_count);
  for (size_t i = 0; i < raw_.record_count; ++i) records_.push_back(read(i));
  checkpoint_ = copy(raw_.checkpoint);
  notice_ = copy(raw_.notice);
}

HeldBatch::HeldBatch(HeldBatch&& other) noexcept
    : library_(std::exchange(other.library_, nullptr)),
      raw_(other.raw_),
      number_(other.number_),
      records_(std::move(other.records_)),
      checkpoint_(std::move(other.checkpoint_)),
      notice_(std::move(other.notice_)) {}

HeldBatch::~HeldBatch() {
  try {
    release();
  } catch (const Broken&) {  // it is on the way out already, with the first breach
  }
}

Record HeldBatch::read(size_t index) const {
  const char* at = reinterpret_cast<const char*>(raw_.records) + index * raw_.record_stride;
  const auto& record = *reinterpret_cast<const connector_record*>(at);
  return {copy(record.data), copy(record.id), record.event_time_ns};
}

void HeldBatch::expect_unchanged() const {
  const std::string batch = "batch " + std::to_string(number_);
  for (size_t i = 0; i < records_.size(); ++i)
    if (read(i) != records_[i])
      throw Broken("record " + records_[i].id + " of " + batch + " changed before its release");
  if (copy(raw_.checkpoint) != checkpoint_)
    throw Broken("the checkpoint of " + batch + " changed before its release");
  if (copy(raw_.notice) != notice_)
    throw Broken("the notice of " + batch + " changed before its release");
}

void HeldBatch::release() {
  if (const Library* library = std::exchange(library_, nullptr)) library->release(raw_);
}

}  // namespace judge
