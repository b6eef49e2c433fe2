#include "plugins/aikido_activity_log/json_walk.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cstring>

namespace aikido {
namespace {

constexpr size_t kLeastCapacity = size_t{4} << 10;

bool digit(char c) { return static_cast<unsigned char>(c - '0') <= 9; }

bool hex_digit(char c) { return digit(c) || static_cast<unsigned char>((c | 0x20) - 'a') <= 5; }

// Behind the digits, at least one; null where there is none.
const char* digits_end(const char* at) {
  if (!digit(*at)) return nullptr;
  while (digit(*at)) ++at;
  return at;
}

const char* number_end(const char* at) {
  if (*at == '-') ++at;
  at = *at == '0' ? at + 1 : digits_end(at);
  if (at && *at == '.') at = digits_end(at + 1);
  if (!at || (*at | 0x20) != 'e') return at;
  ++at;
  return digits_end(*at == '+' || *at == '-' ? at + 1 : at);
}

bool escaped(const char* at) {
  switch (*at) {
    case '"':
    case '\\':
    case '/':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
      return true;
    case 'u':
      return std::all_of(at + 1, at + 5, hex_digit);
    default:
      return false;
  }
}

// The first escape that is none, or the end, where a zero byte stands.
const char* wrong_escape(const char* at, const char* end) {
  const auto next = [end](const char* from) {
    const void* found =
        from < end ? std::memchr(from, '\\', static_cast<size_t>(end - from)) : nullptr;
    return found ? static_cast<const char*>(found) : end;
  };
  for (at = next(at); at < end; at = next(at + 2))
    if (!escaped(at + 1)) return at;
  return end;
}

// As long as before where simdjson refuses it.
std::string without_space(const std::string& json) {
  std::string compact(json.size() + simdjson::SIMDJSON_PADDING, '\0');
  size_t size = 0;
  if (simdjson::minify(json.data(), json.size(), compact.data(), size)) return json;
  compact.resize(size);
  return compact;
}

using Index = const uint32_t*;

// Each rule begins at a token and returns the one behind it, or null. The text's last one is its
// zero byte, which no rule takes. Calls would take half of its time: it makes none but for values
// within values.
class Walker {
 public:
  Walker(const char* text, const char* wrong_escape) : text_(text), wrong_escape_(wrong_escape) {}

  [[gnu::flatten]] WalkedObject walk(Index& token) {
    WalkedObject found;
    if (const Index behind = members(token, 1, &found)) {
      const char* const begin = at(token);
      const char* const end = at(behind - 1) + 1;
      if (wrong_escape_ < end) fail(wrong_escape_, "has an invalid escape");
      found.text = {begin, static_cast<size_t>(end - begin)};
      token = behind;
    }
    found.problem = problem_;
    if (problem_) found.problem_at = static_cast<size_t>(problem_at_ - text_);
    return found;
  }

 private:
  const char* at(Index token) const { return text_ + *token; }

  Index fail(const char* place, const char* problem) {
    problem_ = problem;
    problem_at_ = place;
    return nullptr;
  }

  // Whether these are the byte directly before a token and its first one. That no white space
  // stands between is seen with them.
  bool stands(Index token, const char (&both)[3]) const {
    return std::memcmp(at(token) - 1, both, 2) == 0;
  }

  // A token that ends at `end`, if anything.
  Index scalar(Index token, const char* end) {
    return end == at(token + 1) ? token + 1 : fail(at(token), "has a value that is no JSON");
  }

  Index literal(Index token, std::string_view word) {
    const bool same =
        token[1] - token[0] == word.size() && std::memcmp(at(token), word.data(), word.size()) == 0;
    return scalar(token, same ? at(token) + word.size() : nullptr);
  }

  // In the order of how often they come.
  Index value(Index token, int depth) {
    const char first = *at(token);
    if (token[0] != token[-1] + 1) return fail(at(token), "has white space before a value");
    if (first == '"') return string(token);
    if (first == 'n') return literal(token, "null");
    if (digit(first) || first == '-') return scalar(token, number_end(at(token)));
    if (first == '{' || first == '[') return nested(token, depth + 1);
    return literal(token, first == 't' ? "true" : "false");
  }

  Index string(Index token) {
    if (at(token + 1)[-1] == '"') return token + 1;
    return fail(at(token + 1), "has white space behind a text");
  }

  [[gnu::noinline, gnu::flatten]] Index nested(Index token, int depth) {
    if (depth > kDeepestNesting) return fail(at(token), "is nested too deeply");
    token = *at(token) == '{' ? members(token, depth, nullptr) : elements(token, depth);
    if (!token || token[0] == token[-1] + 1) return token;
    return fail(at(token), "has white space behind a value");
  }

  // `top` is null below the top level.
  Index members(Index token, int depth, WalkedObject* top) {
    if (stands(token + 1, "{}")) return token + 2;
    if (!stands(token + 1, "{\"")) return fail(at(token + 1), "lacks a key in quotes");
    while (true) {
      const Index key = token + 1;
      if (!stands(key + 1, "\":")) return fail(at(key + 1), "lacks a colon after a key");
      token = value(key + 2, depth);
      if (!token) return nullptr;
      if (top) note_member(key, token, *top);
      if (stands(token + 1, ",\"")) continue;
      if (*at(token) == '}') return token + 1;
      return *at(token) == ',' ? fail(at(token + 1), "lacks a key in quotes")
                               : fail(at(token), "lacks a comma or a brace");
    }
  }

  Index elements(Index token, int depth) {
    if (stands(token + 1, "[]")) return token + 2;
    while (true) {
      token = value(token + 1, depth);
      if (!token) return nullptr;
      if (*at(token) == ']') return token + 1;
      if (*at(token) != ',') return fail(at(token), "lacks a comma or a bracket");
    }
  }

  // Key, colon and a value that is one token are the three before `behind`.
  void note_member(Index key, Index behind, WalkedObject& found) const {
    if (behind != key + 3) return;
    const std::string_view name(at(key), key[1] - key[0]);
    std::string_view* const wanted = name == "\"id\""          ? &found.id
                                     : name == "\"timestamp\"" ? &found.timestamp
                                                               : nullptr;
    if (wanted && wanted->empty()) *wanted = {at(key + 2), key[3] - key[2]};
  }

  const char* const text_;
  const char* const wrong_escape_;  // the first one of the whole text
  const char* problem_ = nullptr;
  const char* problem_at_ = nullptr;
};

}  // namespace

struct JsonTokens::Finder {
  std::unique_ptr<simdjson::internal::dom_parser_implementation> stages;
};

JsonTokens::JsonTokens() : finder_(std::make_unique<Finder>()) {}
JsonTokens::~JsonTokens() = default;

const char* JsonTokens::find(const std::string& text) {
  auto& stages = finder_->stages;
  simdjson::error_code error = simdjson::SUCCESS;
  // Four bytes for each of the capacity: as an input polls, most pages are empty, and what is no
  // more than needed comes from the heap and not, each time, from the system.
  if (!stages || stages->capacity() < text.size())
    error = simdjson::get_active_implementation()->create_dom_parser_implementation(
        std::max(text.size() + text.size() / 4, kLeastCapacity), 1, stages);
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  if (!error) error = stages->stage1(bytes, text.size(), simdjson::stage1_mode::regular);
  if (error) return simdjson::error_message(error);
  text_ = text.c_str();
  wrong_escape_ = wrong_escape(text_, text_ + text.size());
  return nullptr;
}

const char* JsonTokens::find_without_space(std::string& text) {
  const uint32_t tokens = finder_->stages->n_structural_indexes;
  text = without_space(text);
  if (const char* problem = find(text)) return problem;
  const bool joined = finder_->stages->n_structural_indexes != tokens;  // 1 2 is no 12
  return joined ? "white space alone stands between two values" : nullptr;
}

const uint32_t* JsonTokens::begin() const { return finder_->stages->structural_indexes.get(); }

WalkedObject JsonTokens::walk_object(const uint32_t*& token) const {
  return Walker(text_, wrong_escape_).walk(token);
}

}  // namespace aikido
