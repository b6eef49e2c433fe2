// White space between the tokens of a JSON text, which stays the same otherwise, valid or not.
#pragma once

#include <string>
#include <string_view>

namespace fake_aikido {

// On one line without any: as a record arrives in an output.
std::string compact(std::string_view json);
// On many lines, indented.
std::string pretty(std::string_view json);

}  // namespace fake_aikido
