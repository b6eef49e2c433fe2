// The grammar of one JSON object (RFC 8259) without white space, token by token, finding the two
// members that this input reads on the way. It stands here because no library both accepts all
// valid JSON (big integers, 1e400, lone surrogate escapes) and refuses the rest without building a
// tree. simdjson finds where the tokens begin, and has checked UTF-8, quotes and control characters
// by then; it takes white space out, too.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace aikido {

constexpr int kDeepestNesting = 128;

struct WalkedObject {
  std::string_view text;          // from brace to brace, a view into the text
  std::string_view id;            // of the first top-level member "id" that is one token, or empty
  std::string_view timestamp;     // that of "timestamp"
  const char* problem = nullptr;  // null: valid. Else what is wrong, and the rest means nothing
  size_t problem_at = 0;          // byte of the text that was walked
};

// Where the tokens of a text begin, and its escapes, which are looked at once for the whole text:
// to begin anew in each object took a fifth of the walk. Keeps its buffers from one text to the
// next. One thread.
class JsonTokens {
 public:
  JsonTokens();
  ~JsonTokens();

  // Null, or what is wrong with the text as a whole. What follows reads the text, which stays where
  // it is.
  const char* find(const std::string& text);
  // Takes the white space between tokens out of the text that find() took, and finds them again.
  // Null, or what is wrong: as find() says it, or values that white space alone holds apart.
  const char* find_without_space(std::string& text);
  // The place of each token's first byte in their order, then the text's size twice.
  const uint32_t* begin() const;
  // Walks the object whose brace is the token at `token`, and moves that behind it.
  WalkedObject walk_object(const uint32_t*& token) const;

 private:
  struct Finder;
  std::unique_ptr<Finder> finder_;
  const char* text_ = nullptr;
  const char* wrong_escape_ = nullptr;  // the first one, or the text's end
};

}  // namespace aikido
