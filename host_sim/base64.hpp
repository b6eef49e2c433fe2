// Bytes as text, for JSON.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace host {

std::string to_base64(std::string_view bytes);
// Nothing when `text` is no base64 with padding.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace host
