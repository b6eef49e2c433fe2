// Who asked when, as the stand-in saw it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "tests/fake_aikido/request_log.hpp"
#include "tests/many_pipelines/tenants.hpp"

namespace many_pipelines {

// The time at which the last of the untroubled clients had asked for a page since `from_ns`;
// nothing while one has not.
std::optional<int64_t> all_have_asked_ns(const Options& options, const fake_aikido::RequestLog& log,
                                         int64_t from_ns);

struct Polls {
  int64_t count = 0;           // requests for pages
  int64_t longest_gap_ns = 0;  // that one client was silent, in the span
};

// Of the untroubled clients in [from_ns, to_ns).
Polls polls_in(const Options& options, const fake_aikido::RequestLog& log, int64_t from_ns,
               int64_t to_ns);

}  // namespace many_pipelines
