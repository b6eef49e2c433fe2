#include "plugins/aikido_activity_log/json_walk.hpp"

#include <bit>
#include <cstdint>
#include <cstring>

namespace aikido {
namespace {

constexpr uint64_t kOnes = 0x0101010101010101;
constexpr uint64_t kHighs = 0x8080808080808080;

// The high bit of each byte that is zero; bytes above the first one found may be wrong.
constexpr uint64_t zero_bytes(uint64_t word) { return (word - kOnes) & ~word & kHighs; }

// Where in eight bytes of a string its plain text ends: quote, backslash or control character.
uint64_t string_stops(uint64_t word) {
  const uint64_t below_space = (word - kOnes * 0x20) & ~word & kHighs;
  return zero_bytes(word ^ (kOnes * '"')) | zero_bytes(word ^ (kOnes * '\\')) | below_space;
}

bool digit(char c) { return static_cast<unsigned char>(c - '0') <= 9; }

bool hex_digit(char c) { return digit(c) || static_cast<unsigned char>((c | 0x20) - 'a') <= 5; }

// Walks from left to right. What has been kept so far ends at `out_`, followed (not yet moved) by
// the stretch from `kept_from_`; as long as there is no white space nothing is ever moved.
class Walker {
 public:
  Walker(char* begin, char* end) : at_(begin), end_(end), out_(begin), kept_from_(begin) {}

  WalkedObject walk() {
    char* const begin = at_;
    WalkedObject found;
    skip_space();
    char* const out = out_;
    const bool valid = (peek() == '{' || fail("is not an object")) && members(1, &found) &&
                       (skip_space(), at_ == end_ || fail("goes on after its end"));
    keep_stretch();
    found.text = {out, static_cast<size_t>(out_ - out)};
    if (valid) return found;
    found.problem = problem_;
    found.problem_at = static_cast<size_t>(at_ - begin);
    return found;
  }

 private:
  char peek() const { return at_ < end_ ? *at_ : '\0'; }

  bool fail(const char* problem) {
    if (!problem_) problem_ = problem;
    return false;
  }

  bool expect(char c, const char* problem) {
    if (peek() != c) return fail(problem);
    ++at_;
    return true;
  }

  void keep_stretch() {
    const size_t size = static_cast<size_t>(at_ - kept_from_);
    if (out_ != kept_from_) std::memmove(out_, kept_from_, size);
    out_ += size;
    kept_from_ = at_;
  }

  void skip_space() {
    if (static_cast<unsigned char>(peek()) > ' ') return;
    keep_stretch();
    while (at_ < end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
    kept_from_ = at_;
  }

  // Where the byte at `at_` will stand once the stretch is kept.
  char* kept_place() const { return out_ + (at_ - kept_from_); }

  // Where the value of a top-level member is to be noted, or null.
  static std::string_view* wanted_member(std::string_view key, WalkedObject& found) {
    if (key == "\"id\"" && found.id.empty()) return &found.id;
    if (key == "\"timestamp\"" && found.timestamp.empty()) return &found.timestamp;
    return nullptr;
  }

  // `top` is null below the top level. The key is looked at before white space behind it goes,
  // since that moves it.
  bool members(int depth, WalkedObject* top) {
    ++at_;
    skip_space();
    if (peek() == '}') return ++at_, true;
    while (true) {
      const char* const key = at_;
      if (peek() != '"') return fail("lacks a key in quotes");
      if (!string()) return false;
      std::string_view* const wanted =
          top ? wanted_member({key, static_cast<size_t>(at_ - key)}, *top) : nullptr;
      skip_space();
      if (!expect(':', "lacks a colon after a key")) return false;
      skip_space();
      if (!(wanted ? wanted_value(*wanted) : value(depth))) return false;
      skip_space();
      if (peek() != ',') return expect('}', "lacks a comma or a brace");
      ++at_;
      skip_space();
    }
  }

  bool wanted_value(std::string_view& token) {
    if (peek() == '{' || peek() == '[') return value(1);
    const char* const place = kept_place();
    const char* const from = at_;
    if (!value(1)) return false;
    token = {place, static_cast<size_t>(at_ - from)};
    return true;
  }

  bool array(int depth) {
    ++at_;
    skip_space();
    if (peek() == ']') return ++at_, true;
    while (true) {
      if (!value(depth)) return false;
      skip_space();
      if (peek() != ',') return expect(']', "lacks a comma or a bracket");
      ++at_;
      skip_space();
    }
  }

  bool value(int depth) {
    switch (peek()) {
      case '"':
        return string();
      case '{':
        return depth < kDeepestNesting ? members(depth + 1, nullptr) : fail("is nested too deeply");
      case '[':
        return depth < kDeepestNesting ? array(depth + 1) : fail("is nested too deeply");
      case 't':
        return literal("true");
      case 'f':
        return literal("false");
      case 'n':
        return literal("null");
      default:
        return number();
    }
  }

  bool literal(std::string_view word) {
    if (static_cast<size_t>(end_ - at_) < word.size() ||
        std::memcmp(at_, word.data(), word.size()) != 0)
      return fail("has a value that is no JSON");
    at_ += word.size();
    return true;
  }

  bool digits() {
    if (!digit(peek())) return fail("has a value that is no JSON");
    while (at_ < end_ && digit(*at_)) ++at_;
    return true;
  }

  bool number() {
    if (peek() == '-') ++at_;
    if (peek() == '0') {
      ++at_;
    } else if (!digits()) {
      return false;
    }
    if (peek() == '.' && (++at_, !digits())) return false;
    if ((peek() | 0x20) != 'e') return true;
    ++at_;
    if (peek() == '+' || peek() == '-') ++at_;
    return digits();
  }

  bool string() {
    ++at_;
    while (true) {
      skip_plain_text();
      if (at_ >= end_) return fail("has a text without its end");
      if (*at_ == '"') return ++at_, true;
      if (*at_ != '\\') return fail("has a control character in a text");
      if (!escape()) return false;
    }
  }

  void skip_plain_text() {
    while (end_ - at_ >= 8) {
      uint64_t word = 0;
      std::memcpy(&word, at_, sizeof word);
      const uint64_t stops = string_stops(word);
      if constexpr (std::endian::native == std::endian::little) {
        if (stops) return void(at_ += std::countr_zero(stops) / 8);
      } else if (stops) {
        break;
      }
      at_ += 8;
    }
    while (at_ < end_ && *at_ != '"' && *at_ != '\\' && static_cast<unsigned char>(*at_) >= 0x20)
      ++at_;
  }

  bool escape() {
    ++at_;
    const char kind = peek();
    if (kind != 'u') {
      if (kind == '\0' || !std::strchr("\"\\/bfnrt", kind)) return fail("has an invalid escape");
      return ++at_, true;
    }
    ++at_;
    for (int i = 0; i < 4; ++i, ++at_)
      if (!hex_digit(peek())) return fail("has an invalid escape");
    return true;
  }

  char* at_;
  char* const end_;
  char* out_;
  char* kept_from_;
  const char* problem_ = nullptr;
};

}  // namespace

WalkedObject walk_object(char* begin, char* end) { return Walker(begin, end).walk(); }

}  // namespace aikido
