// Finds the places of a list's entries by their hashes. Of an entry it keeps its place and some
// bits of its hash, in four bytes: memory that is touched anew is what a table costs most.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <optional>
#include <vector>

#include "plugins/aikido_activity_log/large_pages.hpp"

namespace aikido {

// Open addressing. A value: copyable, one thread. Places begin at 0, and each is below room().
class PlaceTable {
 public:
  // Forgets all, and takes so many places then, or some more.
  void reset(size_t places) {
    slots_.assign(std::bit_ceil(std::max((4 * places + 2) / 3, kLeastSlots)), 0);
  }
  size_t room() const { return slots_.size() / 4 * 3; }

  // Has the slot of this hash at hand by the time that it is needed.
  void expect(uint64_t hash) const { __builtin_prefetch(&slots_[first_slot(hash)], 1); }

  // The place of this hash for which `is_it(place)`.
  template <class IsIt>
  std::optional<size_t> find(uint64_t hash, const IsIt& is_it) const {
    if (slots_.empty()) return std::nullopt;
    const uint32_t slot = slots_[slot_of(hash, is_it)];
    if (slot == 0) return std::nullopt;
    return place_in(slot);
  }

  // The same, or where there is none, `place`, which is found from now on.
  template <class IsIt>
  size_t find_or_put(uint64_t hash, size_t place, const IsIt& is_it) {
    uint32_t& slot = slots_[slot_of(hash, is_it)];
    if (slot != 0) return place_in(slot);
    slot = tag(hash) | static_cast<uint32_t>(place + 1);
    return place;
  }

 private:
  static constexpr size_t kLeastSlots = 64;

  uint32_t mask() const { return static_cast<uint32_t>(slots_.size() - 1); }
  size_t first_slot(uint64_t hash) const { return (hash >> 32) & mask(); }
  uint32_t tag(uint64_t hash) const { return static_cast<uint32_t>(hash) & ~mask(); }
  size_t place_in(uint32_t slot) const { return (slot & mask()) - 1; }

  // The slot that holds it, or the free one where it belongs. What lies in the way is mostly told
  // by its tag: to look at its entry would be a miss of the cache.
  template <class IsIt>
  size_t slot_of(uint64_t hash, const IsIt& is_it) const {
    const uint32_t wanted = tag(hash);
    for (size_t at = first_slot(hash);; at = (at + 1) & mask()) {
      const uint32_t slot = slots_[at];
      if (slot == 0 || ((slot & ~mask()) == wanted && is_it(place_in(slot)))) return at;
    }
  }

  // Empty, or a power of two of them. One is 0 while it is free, else its low bits, as many as tell
  // the slots apart, are a place and one more, and the others are those of the hash.
  std::vector<uint32_t, LargePages<uint32_t>> slots_;
};

}  // namespace aikido
