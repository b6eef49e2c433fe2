// Text of strangers (a plugin, a vendor, a manifest) made fit for a log and a terminal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace host {

// Control characters (C0, DEL, C1) become spaces, invalid UTF-8 becomes U+FFFD: one line.
std::string one_line(std::string_view text);

// The same, but newlines stay.
std::string plain_lines(std::string_view text);

bool is_utf8(std::string_view text);

// The longest beginning of at most `most` bytes that does not cut a character in two.
std::string_view cut(std::string_view text, size_t most);

// Where the "; " between an error's cause and its remedy stands: the last one that is neither
// within brackets nor within double quotes. npos where there is none.
size_t remedy_separator(std::string_view line);

// The one of `candidates` that was most likely meant, or empty.
std::string meant(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace host
