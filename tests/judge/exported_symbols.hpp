// The dynamic symbols that a shared object defines, read from the file without loading it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace judge {

// What `nm -D --defined-only` lists, in the file's order. Broken when the file is no 64-bit ELF
// shared object of this machine, or contradicts itself.
std::vector<std::string> exported_symbols(const std::filesystem::path& file);

}  // namespace judge
