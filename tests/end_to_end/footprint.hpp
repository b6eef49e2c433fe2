// What a world's host keeps on the disk for its one pipeline, beside the output.
#pragma once

#include <algorithm>
#include <cstdint>

#include "host_sim/state_store.hpp"
#include "tests/end_to_end/world.hpp"

namespace end_to_end {

// Bytes.
struct Footprint {
  int64_t checkpoint = 0;
  int64_t state = 0;  // the database and its log

  void widen(const Footprint& other) {
    checkpoint = std::max(checkpoint, other.checkpoint);
    state = std::max(state, other.state);
  }
};

// As it is committed now; while the host runs, too.
inline Footprint footprint(const World& world) {
  Footprint now;
  for (const char* suffix : {"", "-wal"}) {
    std::error_code missing;
    const uintmax_t size = std::filesystem::file_size(world.state().string() + suffix, missing);
    if (!missing) now.state += static_cast<int64_t>(size);
  }
  const auto store = host::StateStore::open_to_look(world.state());
  if (!store || !*store) return now;
  const auto state = (*store)->pipeline("test");
  if (state && *state) now.checkpoint = std::ssize((*state)->checkpoint);
  return now;
}

}  // namespace end_to_end
