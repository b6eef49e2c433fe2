// What a client of the status server may take.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace host::status {

struct Limits {
  uint32_t head_bytes = 8 * 1024;
  std::chrono::milliseconds request{15'000};  // from the end of the one before, if there was one
  std::chrono::milliseconds answer{15'000};   // until the client has taken it
  std::chrono::milliseconds farewell{1'000};  // for a refused one to read why
  size_t connections = 64;                    // beyond them the oldest goes
};

}  // namespace host::status
