// Whether a batch keeps the border's promises. The host believes a plugin no number and no pointer
// that it can check, for a bad one would reach the output or the committed state. It cannot check
// where a pointer leads, and leaves the grammar within a record to whoever judges plugins: to walk
// it once more would cost more than all else that a record costs here.
#pragma once

#include <string>

#include "host_sim/plugin.hpp"

namespace host {

// Far above what any service sends; a larger one is a fault.
constexpr size_t kMostRecords = 1'000'000;
constexpr size_t kMostRecordBytes = 16u << 20;  // data, and id
constexpr size_t kMostBatchBytes = 256u << 20;  // of data
constexpr size_t kMostCheckpointBytes = 4u << 20;
constexpr size_t kMostNoticeBytes = 4096;
constexpr int64_t kLongestWaitNs = int64_t{366} * 86'400 * 1'000'000'000;
// So that its distance from any wall clock of this century and the next is a number.
constexpr int64_t kEarliestWatermarkNs = int64_t{-2'208'988'800} * 1'000'000'000;  // 1900-01-01

bool is_wait_reason(int32_t reason);

// What is wrong with the batch, or empty. Reads what the batch points to.
std::string fault_of(const connector_batch& batch);

}  // namespace host
