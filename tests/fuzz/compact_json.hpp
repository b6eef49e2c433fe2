// The members of one valid JSON object without white space, as they were written: the simplest walk
// there is, to judge a quicker one by.
#pragma once

#include <string_view>
#include <vector>

namespace fuzz {

struct Member {
  std::string_view key;    // with its quotes
  std::string_view value;  // as written
};

// Bytes up to and without the comma, colon or brace that ends the token at `at`.
inline size_t token_size(std::string_view text, size_t at) {
  int depth = 0;
  bool inside = false;
  size_t end = at;
  for (; end < text.size(); ++end) {
    const char c = text[end];
    if (inside && c == '\\') {
      ++end;
    } else if (c == '"') {
      inside = !inside;
    } else if (!inside) {
      if (depth == 0 && (c == ',' || c == ':' || c == '}')) break;
      if (c == '{' || c == '[') ++depth;
      if (c == '}' || c == ']') --depth;
    }
  }
  return end - at;
}

inline std::vector<Member> members_of(std::string_view object) {
  std::vector<Member> members;
  for (size_t at = 1; at + 1 < object.size();) {
    Member member;
    member.key = object.substr(at, token_size(object, at));
    at += member.key.size() + 1;
    member.value = object.substr(at, token_size(object, at));
    at += member.value.size() + 1;
    members.push_back(member);
  }
  return members;
}

}  // namespace fuzz
