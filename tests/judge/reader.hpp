// Reads an instance as a host does: batch after batch, over waits and errors that may be retried.
// Never waits itself: it steps the clock.
#pragma once

#include "tests/judge/held_batch.hpp"
#include "tests/judge/instance.hpp"

namespace judge {

class Reader {
 public:
  explicit Reader(Instance& instance) : instance_(instance) {}

  // The next batch, with or without records. Broken on an error that ends a pipeline, on five
  // errors in a row, or on more calls without a record than any plugin needs.
  HeldBatch next();
  // The plugin has said IDLE or END: in a run that ends there, this is all.
  bool caught_up() const { return caught_up_; }

 private:
  Instance& instance_;
  size_t batches_ = 0;
  size_t without_records_ = 0;
  bool caught_up_ = false;
};

}  // namespace judge
