// The persisted form of seen ids: a log of entries, each told by its difference from the one
// before. An entry is
//
//   number   zigzag(time - previous time) * 16 + flags      times in Unix seconds
//   id       flag integer: zigzag(id - previous integer)
//            else: length shared with the previous text, length of the rest, the rest
//
// Flags: 1 the id is an integer in its shortest form; 2 it is a hash, not the vendor's id; 4 the
// record has no time; 8 pinned. The same id a second time replaces the time and the flags of the
// first. Before the first entry the time and the integer are 0 and the text is empty.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "plugins/aikido_activity_log/checkpoint_bytes.hpp"
#include "plugins/aikido_activity_log/seen_id.hpp"

namespace aikido {

// As above, and how many bits they take.
namespace seen_flags {
constexpr int64_t kInteger = 1, kHashed = 2, kUntimed = 4, kPinned = 8;
constexpr int kBits = 4;
}  // namespace seen_flags

struct SeenEntry {
  SeenId id;             // from a decoder: valid until its next call
  bool hashed = false;   // `id` is a hash of a record that has none
  bool untimed = false;  // `time_s` is the end of the sweep that last showed it
  bool pinned = false;   // kept while the backfill is open
  int64_t time_s = 0;

  int64_t flags() const {
    return (id.is_integer ? seen_flags::kInteger : 0) | (hashed ? seen_flags::kHashed : 0) |
           (untimed ? seen_flags::kUntimed : 0) | (pinned ? seen_flags::kPinned : 0);
  }
  void set_flags(int64_t flags) {  // but for that of the id
    hashed = (flags & seen_flags::kHashed) != 0;
    untimed = (flags & seen_flags::kUntimed) != 0;
    pinned = (flags & seen_flags::kPinned) != 0;
  }
  int64_t time_and_flags() const { return time_s * (1 << seen_flags::kBits) + flags(); }
  void set_time_and_flags(int64_t both) {
    time_s = both >> seen_flags::kBits;
    set_flags(both);
  }
};

// How much a log holds, what came again in it included.
struct SeenAmount {
  size_t entries = 0;
  size_t text = 0;  // of ids that are no integers, with what they share

  bool within(const SeenAmount& most) const { return entries <= most.entries && text <= most.text; }
  friend SeenAmount operator+(const SeenAmount& left, const SeenAmount& right) {
    return {left.entries + right.entries, left.text + right.text};
  }
};

constexpr int64_t kMostSeconds = 10'000'000'000;  // beyond what int64_t nanoseconds can hold

// One direction of one log: either an encoder or a decoder. One thread.
class SeenCodec {
 public:
  void append(const SeenEntry& entry, std::string& out);
  // False, and `in` has failed, when the bytes are no entry.
  bool read(ByteReader& in, SeenEntry& entry);
  // Of a log, or of as much of it as exceeds `most`. Cheap beside reading it; bytes that are no log
  // have any amount.
  static SeenAmount amount(std::string_view log, const SeenAmount& most);

 private:
  void append_text(std::string_view text, std::string& out);
  bool read_text(ByteReader& in);

  int64_t time_s_ = 0;
  int64_t integer_ = 0;
  std::string text_;
};

}  // namespace aikido
