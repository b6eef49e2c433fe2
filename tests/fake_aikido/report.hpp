// What a stand-in has to tell when it ends, as of a moment on its clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "tests/fake_aikido/server.hpp"

namespace fake_aikido {

// One flat JSON object of numbers:
//   records, late                  visible by then; of them surfaced after their time
//   requests, token_requests, page_requests, refused_requests (any status but 200)
//   most_in_rolling_minute         requests
//   least_backfill_requests        one token, and full pages of the `backlog` records
std::string report(Server& server, int64_t now_ns, size_t backlog);

// Every record that is visible by then, each on a line of its own.
std::string dump(Server& server, int64_t now_ns);

}  // namespace fake_aikido
