// The ids that were delivered, remembered exactly, in the order of delivery. Their persisted form
// (seen_codec.hpp) grows with them, so that a page costs what it brings and not what is remembered.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/aikido_activity_log/large_pages.hpp"
#include "plugins/aikido_activity_log/place_table.hpp"
#include "plugins/aikido_activity_log/seen_codec.hpp"

namespace aikido {

// What a checkpoint may hold. Its size alone bounds neither: an id may take two bytes of it,
// whatever its length, and a start looks up each. Six times what the default pace brings within the
// late window, and twice the checkpoint.
constexpr SeenAmount kMostSeen{500'000, size_t{8} << 20};

// A value: copyable, one thread. What it holds depends on no hash.
class SeenIds {
 public:
  // The place in the order of delivery, from 0; it stays until the next prune.
  std::optional<size_t> find(const SeenId& id, bool hashed) const;
  // Remembers it, though it may not fit, and returns nothing, or where the id is there already, its
  // place.
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
  const SeenAmount& amount() const { return amount_; }
  const std::string& encoded() const { return encoded_; }
  uint32_t encoded_crc() const;  // CRC-32 of `encoded`, as cheap as what came since the last call

  // No value when the bytes are not what encoded() gave, or hold more than kMostSeen: then neither
  // memory nor time was spent on more than that.
  static std::optional<SeenIds> decode(std::string_view encoded);

 private:
  struct Item {
    int64_t id;              // the integer, or of the text its offset in texts_ * 2^32 + its size
    int64_t time_and_flags;  // as SeenEntry has them

    int64_t time_s() const { return time_and_flags >> seen_flags::kBits; }
    bool is(int64_t flag) const { return (time_and_flags & flag) != 0; }
  };
  static_assert(sizeof(Item) == 16);

  SeenEntry entry(const Item& item) const;
  SeenId id(const Item& item) const;
  bool is(const Item& item, const SeenId& wanted, bool hashed) const;
  void push(const SeenEntry& entry);
  void log(const SeenEntry& entry);
  // With room for so many. An id that is there twice keeps the first place and the last's time and
  // flags.
  void make_table(size_t places);

  std::vector<Item, LargePages<Item>> entries_;
  std::basic_string<char, std::char_traits<char>, LargePages<char>> texts_;
  IdHash hash_;
  PlaceTable table_;
  SeenCodec codec_;
  std::string encoded_;
  SeenAmount amount_;  // of encoded_
  mutable uint32_t crc_ = 0;
  mutable size_t crc_size_ = 0;  // of encoded_, that crc_ is of
};

}  // namespace aikido
