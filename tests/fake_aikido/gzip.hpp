// Compression of answers.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace fake_aikido {

std::string gzip(std::string_view text);
// So many spaces, compressed without ever holding them.
std::string gzip_of_spaces(size_t bytes);

}  // namespace fake_aikido
