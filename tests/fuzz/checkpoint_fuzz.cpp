// A checkpoint of any bytes: read or refused, the same once it is written and read again, and
// harmless to the collector that resumes from it. The mutator mends the checksum, or nothing would
// get beyond it.
#include <zlib.h>

#include "plugins/aikido_activity_log/checkpoint.hpp"
#include "tests/fuzz/collector_steps.hpp"
#include "tests/fuzz/law.hpp"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);
extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned int seed);

namespace {

using aikido::CheckpointData;
using fuzz::law;

constexpr size_t kCrcSize = 4;

uint32_t crc_of(const uint8_t* data, size_t size) {
  return static_cast<uint32_t>(crc32(0, data, static_cast<uInt>(size)));
}

void check_refusal(const connector::Error& error) {
  law(error.status == connector::Status::kCheckpoint, "a refusal is CHECKPOINT");
  law(error.text.find("state reset") != std::string::npos, "a refusal names the remedy");
}

void check_written_again(const CheckpointData& data) {
  const std::string written = aikido::encode(data);
  const aikido::Result<CheckpointData> again = aikido::decode(written);
  law(static_cast<bool>(again), "what was read can be written and read again");
  law(aikido::encode(*again) == written, "and is the same");
  law(again->live.size() == data.live.size() && again->past.size() == data.past.size(),
      "with as many ids");
}

}  // namespace

size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size, unsigned int seed) {
  constexpr unsigned kLeftDamaged = 16;  // one in so many keeps a wrong checksum
  const size_t body = size < kCrcSize ? size : size - kCrcSize;
  const size_t mutated = LLVMFuzzerMutate(data, body, max_size - kCrcSize);
  const uint32_t crc = crc_of(data, mutated) + (seed % kLeftDamaged == 0 ? 1 : 0);
  for (size_t i = 0; i < kCrcSize; ++i)
    data[mutated + i] = static_cast<uint8_t>((crc >> (8 * i)) & 0xFF);
  return mutated + kCrcSize;
}

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string bytes = fuzz::text_of(data, size);
  const aikido::Result<CheckpointData> read = aikido::decode(bytes);
  if (!read) return check_refusal(read.error()), 0;
  check_written_again(*read);
  fuzz::resume_and_step(*read, bytes, crc_of(data, size));
  return 0;
}
