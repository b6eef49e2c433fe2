// A batch in the judge's hands: copied when it came, compared whenever asked, released once.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/judge/library.hpp"

namespace judge {

struct Record {
  std::string data;
  std::string id;
  int64_t event_time_ns = CONNECTOR_TIME_UNKNOWN;
  bool operator==(const Record&) const = default;
};

// One thread at a time.
class HeldBatch {
 public:
  // Takes over a batch that connector_next_batch has filled. `number` is for messages.
  HeldBatch(const Library& library, const connector_batch& raw, size_t number);
  HeldBatch(HeldBatch&& other) noexcept;
  HeldBatch& operator=(HeldBatch&&) = delete;
  ~HeldBatch();

  size_t number() const { return number_; }
  const connector_batch& raw() const { return raw_; }
  const std::vector<Record>& records() const { return records_; }
  const std::string& checkpoint() const { return checkpoint_; }

  // Broken when anything in the batch is no longer what it was when it came.
  void expect_unchanged() const;
  void release();

 private:
  Record read(size_t index) const;

  const Library* library_;
  connector_batch raw_;
  size_t number_;
  std::vector<Record> records_;
  std::string checkpoint_;
  std::string notice_;
};

// Broken when the batch or one of its records is not as the header says.
void expect_well_formed(const HeldBatch& batch);

}  // namespace judge
