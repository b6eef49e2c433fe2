// An id as it is remembered, and its hash.
#pragma once

#include <concepts>
#include <cstdint>
#include <string_view>

namespace aikido {

// A value. Of an id that is an integer in its shortest form the text is not needed: it is told by
// the number. 007, -0 and what is beyond int64_t stay text.
struct SeenId {
  SeenId() = default;
  // Of the JSON token as sent (77 or "77"), whose memory the text is.
  template <std::convertible_to<std::string_view> Token>
  SeenId(const Token& token) {
    parse(token);
  }
  static SeenId of_integer(int64_t integer) {
    SeenId id;
    id.integer = integer;
    id.is_integer = true;
    return id;
  }
  // Of one that is no integer.
  static SeenId of_text(std::string_view text) {
    SeenId id;
    id.text = text;
    return id;
  }

  std::string_view text;  // empty for an integer
  int64_t integer = 0;
  bool is_integer = false;

 private:
  void parse(std::string_view token);
};

// Whoever does not know the seed cannot choose ids that collide. A value: copies hash alike.
class IdHash {
 public:
  static IdHash seeded_by_the_system();
  // `hashed` tells a hash apart from a vendor's id of the same characters.
  uint64_t operator()(const SeenId& id, bool hashed) const {
    const uint64_t salt = hashed ? ~salt_ : salt_;
    return id.is_integer ? mixed(salt ^ static_cast<uint64_t>(id.integer), factor_)
                         : of_text(id.text, salt, factor_);
  }
  // The same in every run, for a salt and a factor that are.
  static constexpr uint64_t kSomeFactor = 0x9E3779B97F4A7C15;  // golden ratio: any bits will do
  static uint64_t of_text(std::string_view text, uint64_t salt, uint64_t factor);

 private:
  // Both halves of the product, so that each bit of the result depends on all of both.
  static uint64_t mixed(uint64_t left, uint64_t right) {
    __extension__ using Product = unsigned __int128;
    const Product product = static_cast<Product>(left) * right;
    return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
  }

  uint64_t salt_ = 0;
  uint64_t factor_ = 1;
};

}  // namespace aikido
