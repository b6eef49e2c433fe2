// What a request would have listed: counted in the plan's records, and by nothing of the stand-in.
#pragma once

#include <cstdint>

#include "tests/simulation/history.hpp"

namespace simulation {

constexpr int64_t kPage = 50;

// Records of [from_ns, to_ns), by the server's clock, that had surfaced by `now_ns` and take up a
// place on a page.
int64_t listed(const History& history, int64_t from_ns, int64_t to_ns, int64_t now_ns);

// Requests until the end of a list of so many is known: the header says so, or an empty page does.
int64_t pages_of(const History& history, int64_t records);

}  // namespace simulation
