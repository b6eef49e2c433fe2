// Whether a file is a shared object, what it exports, and whether it is whole: the dynamic linker
// maps what its headers promise, and where the file ends before that, the process dies of it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace host {

// What is wrong with it, or nothing.
std::string flaw_of_shared_object(int descriptor, int64_t size);

// Those of `functions` that no dynamic symbol of it defines, by its section headers and without
// loading it. None where it has no such headers, for then only the linker finds the symbols.
std::vector<std::string> not_exported(int descriptor, const std::vector<std::string>& functions);

}  // namespace host
