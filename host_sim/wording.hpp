// Numbers and times as they stand in sentences: one form, wherever people read them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace host {

// "1 record", "25 records": for a noun whose plural ends in s.
std::string counted(int64_t count, std::string_view noun);

// "45 s", "90 s", "2 min 5 s", "2 h 10 min", "3 d 4 h": at most two units, cut and not rounded. A
// negative one counts as none.
std::string duration_text(int64_t ns);

// "trying again in 5 s", or "at once" for less than one.
std::string next_try_text(int64_t wait_ns);

// "2024-01-15T00:00:00Z", of ns since 1970.
std::string time_text(int64_t ns);

}  // namespace host
