// Whether a file is a shared object, and whole: the dynamic linker maps what its headers promise,
// and where the file ends before that, the process dies of it.
#pragma once

#include <cstdint>
#include <string>

namespace host {

// What is wrong with it, or nothing. Headers of another word size are left to the linker.
std::string flaw_of_shared_object(int descriptor, int64_t size);

}  // namespace host
