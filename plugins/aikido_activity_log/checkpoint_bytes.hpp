// Varints, as Protocol Buffers has them: seven bits a byte, the lowest first, the top bit of a byte
// set when another follows. A signed value is sent as zigzag (0, -1, 1, -2, ...).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace aikido {

constexpr size_t kMostVarint = 10;  // bytes

// Returns the end of what it wrote.
inline char* put_number(char* to, uint64_t value) {
  for (; value >= 0x80; value >>= 7) *to++ = static_cast<char>(value | 0x80);
  *to++ = static_cast<char>(value);
  return to;
}

constexpr uint64_t zigzag(int64_t value) {
  return (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63);
}
constexpr int64_t unzigzag(uint64_t value) {
  return static_cast<int64_t>((value >> 1) ^ (~(value & 1) + 1));
}

// Appends to a text. Keeps nothing.
class ByteWriter {
 public:
  explicit ByteWriter(std::string& out) : out_(out) {}

  void number(uint64_t value) {
    char bytes[kMostVarint];
    out_.append(bytes, static_cast<size_t>(put_number(bytes, value) - bytes));
  }
  void signed_number(int64_t value) { number(zigzag(value)); }
  void text(std::string_view value) {
    number(value.size());
    out_.append(value);
  }

 private:
  std::string& out_;
};

// Reads what somebody else wrote: after the first mistake `ok` is false and every value is 0. The
// texts are views, so no length is believed before it is checked.
class ByteReader {
 public:
  explicit ByteReader(std::string_view in) : in_(in) {}

  bool ok() const { return ok_; }
  bool at_end() const { return in_.empty(); }
  void fail() {
    ok_ = false;
    in_ = {};
  }

  uint64_t number() {
    uint64_t value = 0;
    for (int shift = 0; shift < 64 && !in_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(in_.front());
      in_.remove_prefix(1);
      if (shift == 63 && byte > 1) break;
      value |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return value;
    }
    fail();
    return 0;
  }
  int64_t signed_number() { return unzigzag(number()); }
  // In [least, most], or the reader fails and the result is `least`.
  uint64_t number_within(uint64_t least, uint64_t most) {
    const uint64_t value = number();
    if (value >= least && value <= most) return value;
    fail();
    return least;
  }
  int64_t signed_within(int64_t least, int64_t most) {
    const int64_t value = signed_number();
    if (value >= least && value <= most) return value;
    fail();
    return least;
  }
  std::string_view bytes(uint64_t size) {
    if (size > in_.size()) fail();
    const std::string_view value = in_.substr(0, ok_ ? size : 0);
    in_.remove_prefix(value.size());
    return value;
  }
  std::string_view text() { return bytes(number()); }

 private:
  std::string_view in_;
  bool ok_ = true;
};

}  // namespace aikido
