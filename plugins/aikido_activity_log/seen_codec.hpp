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

namespace aikido {

struct SeenEntry {
  std::string_view id;   // from a decoder: valid until its next call
  bool hashed = false;   // `id` is a hash of a record that has none
  bool untimed = false;  // `time_s` is the end of the sweep that last showed it
  bool pinned = false;   // kept while the backfill is open
  int64_t time_s = 0;
};

constexpr int64_t kMostSeconds = 10'000'000'000;  // beyond what int64_t nanoseconds can hold

// One direction of one log: either an encoder or a decoder. One thread.
class SeenCodec {
 public:
  void append(const SeenEntry& entry, std::string& out);
  // False, and `in` has failed, when the bytes are no entry.
  bool read(ByteReader& in, SeenEntry& entry);

 private:
  bool read_integer(ByteReader& in);
  bool read_text(ByteReader& in);

  int64_t time_s_ = 0;
  int64_t integer_ = 0;
  std::string text_;
  std::string digits_;  // of the last integer read
};

}  // namespace aikido
