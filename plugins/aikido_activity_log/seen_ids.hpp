// The ids that were delivered, remembered exactly, in the order of delivery. Their persisted form
// (seen_codec.hpp) grows with them, so that a page costs what it brings and not what is remembered.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/aikido_activity_log/page.hpp"
#include "plugins/aikido_activity_log/seen_codec.hpp"

namespace aikido {

// A value: copyable, one thread.
class SeenIds {
 public:
  // Its texts, decoded. A checkpoint can share prefixes, so its size alone does not bound them.
  static constexpr size_t kMostText = size_t{64} << 20;

  // The place in the order of delivery, from 0; it stays until the next prune.
  std::optional<size_t> find(std::string_view id, bool hashed) const;
  // Remembers it and returns nothing, or where the id is there already, its place.
  std::optional<size_t> add(const SeenEntry& entry);
  // A record without a time was shown by another sweep: it lives until that one's end. Does nothing
  // for one with a time.
  void shown_again(size_t place, int64_t sweep_end_s, bool pinned);
  // Forgets what lies before `floor_s`, pinned ones only when `keep_pinned` is false. All that is
  // kept is unpinned then.
  void prune(int64_t floor_s, bool keep_pinned);
  // Takes over all that is not there yet; what has no time lives until `untimed_until_s` at least.
  void absorb(const SeenIds& other, int64_t untimed_until_s);

  // The first time at or after `from_s` that some record has.
  std::optional<int64_t> first_time_s(int64_t from_s) const;
  size_t size() const { return entries_.size(); }
  size_t text_size() const { return texts_.size(); }
  const std::string& encoded() const { return encoded_; }
  uint32_t encoded_crc() const;  // CRC-32 of `encoded`, as cheap as what came since the last call

  // No value when the bytes are not what encoded() gave, or decode to more than kMostText.
  static std::optional<SeenIds> decode(std::string_view encoded);

 private:
  struct Item {
    uint32_t offset;  // in texts_
    uint32_t size;
    int64_t time_s;
    bool hashed, untimed, pinned;
  };
  struct Slot {
    uint32_t hash = 0;
    uint32_t next_place = 0;  // the entry's and one more; 0: it is free
  };

  SeenEntry entry(const Item& item) const;
  size_t slot(std::string_view id, bool hashed, uint32_t hash) const;
  // add, but for the persisted form.
  std::optional<size_t> put(const SeenEntry& entry);
  void make_slots(size_t count);  // a power of two
  struct Room {
    size_t entries = 0;
    size_t texts = 0;
  };
  static std::optional<Room> room_for(std::string_view encoded);

  std::vector<Item> entries_;
  std::string texts_;
  std::vector<Slot> slots_;  // open addressing; empty, or a power of two of them
  SeenCodec codec_;
  std::string encoded_;
  mutable uint32_t crc_ = 0;
  mutable size_t crc_size_ = 0;  // of encoded_, that crc_ is of
  bool rewritten_ = false;       // the log holds entries that later ones replace
};

}  // namespace aikido
