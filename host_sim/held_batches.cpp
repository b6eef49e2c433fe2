#include "host_sim/held_batches.hpp"

#include <utility>

namespace host {
namespace {

size_t bytes_of(const PluginBatch& batch) {
  size_t sum = 0;
  for (size_t i = 0; i < batch.size(); ++i) sum += batch.record(i).data.size + 1;
  return sum;
}

}  // namespace

bool HeldBatches::may_grow() const {
  return last_->wait().reason == CONNECTOR_WAIT_NONE && !last_->checkpoint().empty() &&
         lines_.size() < kMostBytes;
}

void HeldBatches::hold(PluginBatch batch) {
  // Most are alone and need no more than their own; a rush fills all of its room.
  lines_.reserve(empty() ? bytes_of(batch) : kMostBytes + bytes_of(batch));
  for (size_t i = 0; i < batch.size(); ++i)
    lines_.append(connector::view(batch.record(i).data)).push_back('\n');
  records_ += static_cast<int64_t>(batch.size());
  last_.emplace(std::move(batch));
}

void HeldBatches::clear() { *this = HeldBatches(); }

}  // namespace host
