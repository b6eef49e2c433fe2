#include "plugins/aikido_activity_log/seen_id.hpp"

#include <unistd.h>

#include <charconv>
#include <cstring>

namespace aikido {
void SeenId::parse(std::string_view token) {
  text = token;
  const bool negative = !token.empty() && token.front() == '-';
  const std::string_view digits = token.substr(negative ? 1 : 0);
  if (digits.empty() || (digits.front() == '0' && (negative || digits.size() > 1))) return;
  const char* const end = token.data() + token.size();
  const auto [at, error] = std::from_chars(token.data(), end, integer);
  is_integer = error == std::errc() && at == end;
  if (is_integer) text = {};
}

IdHash IdHash::seeded_by_the_system() {
  uint64_t seed[2] = {};
  // Where the system has none, ids are found all the same, and as quickly.
  if (getentropy(seed, sizeof seed) != 0) {
    seed[0] = reinterpret_cast<uintptr_t>(&seed);
    seed[1] = kSomeFactor;
  }
  IdHash hash;
  hash.salt_ = seed[0];
  hash.factor_ = seed[1] | 1;
  return hash;
}

uint64_t IdHash::of_text(std::string_view text, uint64_t salt, uint64_t factor) {
  uint64_t value = salt;
  uint64_t word = 0;
  std::string_view rest = text;
  for (; rest.size() >= sizeof word; rest.remove_prefix(sizeof word)) {
    std::memcpy(&word, rest.data(), sizeof word);
    value = mixed(value ^ word, factor);
  }
  word = 0;
  if (!rest.empty()) std::memcpy(&word, rest.data(), rest.size());
  return mixed(value ^ word, factor ^ text.size());
}

}  // namespace aikido
