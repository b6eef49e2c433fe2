#include "plugins/aikido_activity_log/seen_codec.hpp"

#include <algorithm>

namespace aikido {
namespace {

constexpr int64_t kTimeUnit = 1 << seen_flags::kBits;

// Differences wrap around, so that any two integers have one.
int64_t minus(int64_t left, int64_t right) {
  return static_cast<int64_t>(static_cast<uint64_t>(left) - static_cast<uint64_t>(right));
}
int64_t plus(int64_t left, int64_t right) {
  return static_cast<int64_t>(static_cast<uint64_t>(left) + static_cast<uint64_t>(right));
}

}  // namespace

void SeenCodec::append(const SeenEntry& entry, std::string& out) {
  char bytes[2 * kMostVarint];
  const int64_t step = entry.time_s - time_s_;
  char* end = put_number(bytes, zigzag(step) * kTimeUnit + static_cast<uint64_t>(entry.flags()));
  time_s_ = entry.time_s;
  if (entry.id.is_integer) {
    end = put_number(end, zigzag(minus(entry.id.integer, integer_)));
    integer_ = entry.id.integer;
  }
  out.append(bytes, static_cast<size_t>(end - bytes));
  if (!entry.id.is_integer) append_text(entry.id.text, out);
}

void SeenCodec::append_text(std::string_view text, std::string& out) {
  const auto differs = std::mismatch(text.begin(), text.end(), text_.begin(), text_.end());
  const auto shared = static_cast<size_t>(differs.first - text.begin());
  ByteWriter writer(out);
  writer.number(shared);
  writer.text(text.substr(shared));
  text_.resize(shared);
  text_.append(text.substr(shared));
}

bool SeenCodec::read(ByteReader& in, SeenEntry& entry) {
  const uint64_t head = in.number();
  const int64_t step = unzigzag(head / kTimeUnit);
  if (step < -2 * kMostSeconds || step > 2 * kMostSeconds) in.fail();
  if (in.ok()) time_s_ += step;
  if (time_s_ < -kMostSeconds || time_s_ > kMostSeconds) in.fail();
  entry.set_flags(static_cast<int64_t>(head % kTimeUnit));
  entry.time_s = time_s_;
  if ((head & seen_flags::kInteger) != 0) {
    integer_ = plus(integer_, in.signed_number());
    entry.id = SeenId::of_integer(integer_);
    return in.ok();
  }
  if (!in.ok() || !read_text(in)) return false;
  entry.id = text_;
  return true;
}

bool SeenCodec::read_text(ByteReader& in) {
  const uint64_t shared = in.number_within(0, text_.size());
  const std::string_view rest = in.text();
  if (!in.ok()) return false;
  text_.resize(shared);
  text_.append(rest);
  return true;
}

SeenAmount SeenCodec::amount(std::string_view log, const SeenAmount& most) {
  SeenAmount amount;
  ByteReader in(log);
  for (; !in.at_end() && amount.within(most); ++amount.entries) {
    const bool integer = (in.number() & seen_flags::kInteger) != 0;
    const uint64_t shared = in.number();  // or the integer
    if (integer) continue;
    amount.text += std::min<uint64_t>(shared, log.size()) + in.text().size();
  }
  return amount;
}

}  // namespace aikido
