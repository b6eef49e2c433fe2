// When an event happened, from the JSON token of its `timestamp`: Unix seconds, or ISO 8601 with
// its zone. Runs once a record, so it works on fixed digits.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace aikido {

// Nanoseconds since 1970, or CONNECTOR_TIME_UNKNOWN for anything else (null, a fraction of a
// number, a time without its zone, 1970 itself, what nanoseconds cannot hold).
int64_t parse_record_time(std::string_view token);

// For people: 2026-01-01T12:00:00Z.
std::string time_text(int64_t time_ns);

}  // namespace aikido
