// The grammar of one JSON object (RFC 8259), token by token, in one pass that also drops white
// space in place and finds the two members that this input reads. It stands here because no library
// both accepts all valid JSON (big integers, 1e400, lone surrogate escapes) and refuses the rest
// without building a tree. Pure; one thread.
#pragma once

#include <cstddef>
#include <string_view>

namespace aikido {

constexpr int kDeepestNesting = 128;

struct WalkedObject {
  std::string_view text;          // the object on one line, a view into the buffer
  std::string_view id;            // the token of the first top-level member "id", or empty
  std::string_view timestamp;     // that of "timestamp"
  const char* problem = nullptr;  // null: valid. Else what is wrong, and the rest means nothing
  size_t problem_at = 0;          // bytes from `begin`, as they were sent
};

// [begin, end) holds the object, with white space around it or not. Nothing outside is read or
// written. UTF-8 is the caller's to check.
WalkedObject walk_object(char* begin, char* end);

}  // namespace aikido
