// What a text that crosses the border may be.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace judge {

bool is_utf8(std::string_view text);
bool is_json_object(std::string_view text);
// UTF-8 without control characters.
bool is_clean_line(std::string_view text);
// The same, but for newlines.
bool are_clean_lines(std::string_view text);

// Every form in which a secret may leak: as it is, base64 at each alignment, URL- and JSON-escaped.
std::vector<std::string> forms_of(const std::string& secret);
// The name of the secret that the text holds in some form, if any.
std::optional<std::string> secret_in(std::string_view text,
                                     const std::map<std::string, std::string>& secrets);

}  // namespace judge
