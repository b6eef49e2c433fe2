#include "plugins/aikido_activity_log/seen_codec.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace aikido {
namespace {

constexpr uint64_t kInteger = 1, kHashed = 2, kUntimed = 4, kPinned = 8, kFlags = 16;

uint64_t zigzag(int64_t value) {
  return (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63);
}
int64_t unzigzag(uint64_t value) { return static_cast<int64_t>((value >> 1) ^ (~(value & 1) + 1)); }

// Only where the digits come back the same: 007 and -0 stay text.
std::optional<int64_t> as_integer(std::string_view id) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), value);
  if (error != std::errc() || end != id.data() + id.size()) return std::nullopt;
  const bool negative = id.front() == '-';
  const std::string_view digits = id.substr(negative ? 1 : 0);
  if (digits.front() == '0' && (negative || digits.size() > 1)) return std::nullopt;
  return value;
}

// Differences wrap around, so that any two integers have one.
int64_t minus(int64_t left, int64_t right) {
  return static_cast<int64_t>(static_cast<uint64_t>(left) - static_cast<uint64_t>(right));
}
int64_t plus(int64_t left, int64_t right) {
  return static_cast<int64_t>(static_cast<uint64_t>(left) + static_cast<uint64_t>(right));
}

}  // namespace

void SeenCodec::append(const SeenEntry& entry, std::string& out) {
  ByteWriter writer(out);
  const std::optional<int64_t> integer = as_integer(entry.id);
  writer.number(zigzag(entry.time_s - time_s_) * kFlags + (integer ? kInteger : 0) +
                (entry.hashed ? kHashed : 0) + (entry.untimed ? kUntimed : 0) +
                (entry.pinned ? kPinned : 0));
  time_s_ = entry.time_s;
  if (integer) {
    writer.signed_number(minus(*integer, integer_));
    integer_ = *integer;
    return;
  }
  const auto differs = std::mismatch(entry.id.begin(), entry.id.end(), text_.begin(), text_.end());
  const auto shared = static_cast<size_t>(differs.first - entry.id.begin());
  writer.number(shared);
  writer.text(entry.id.substr(shared));
  text_.resize(shared);
  text_.append(entry.id.substr(shared));
}

bool SeenCodec::read(ByteReader& in, SeenEntry& entry) {
  const uint64_t head = in.number();
  const int64_t step = unzigzag(head / kFlags);
  if (step < -2 * kMostSeconds || step > 2 * kMostSeconds) in.fail();
  if (in.ok()) time_s_ += step;
  if (time_s_ < -kMostSeconds || time_s_ > kMostSeconds) in.fail();
  const bool integer = (head & kInteger) != 0;
  if (!in.ok() || !(integer ? read_integer(in) : read_text(in))) return false;
  entry.id = integer ? digits_ : text_;
  entry.hashed = (head & kHashed) != 0;
  entry.untimed = (head & kUntimed) != 0;
  entry.pinned = (head & kPinned) != 0;
  entry.time_s = time_s_;
  return true;
}

bool SeenCodec::read_integer(ByteReader& in) {
  integer_ = plus(integer_, in.signed_number());
  char digits[24];
  digits_.assign(digits, std::to_chars(digits, digits + sizeof digits, integer_).ptr);
  return in.ok();
}

bool SeenCodec::read_text(ByteReader& in) {
  const uint64_t shared = in.number_within(0, text_.size());
  const std::string_view rest = in.text();
  if (!in.ok()) return false;
  text_.resize(shared);
  text_.append(rest);
  return true;
}

}  // namespace aikido
