// What can be done about a file that cannot be read or written.
#pragma once

#include <string>

namespace host {

// "; make room on its disk", to stand behind what failed with this errno; empty where nothing
// better can be said than that.
std::string disk_remedy(int error_number);

}  // namespace host
