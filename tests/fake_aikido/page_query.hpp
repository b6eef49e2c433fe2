// The query of the activity log, read as strictly as it is documented.
#pragma once

#include <string>
#include <variant>

#include "tests/fake_aikido/asked.hpp"
#include "tests/fake_aikido/organisation.hpp"

namespace fake_aikido {

constexpr int64_t kLargestPage = 50;

// The query, or what is wrong with it.
std::variant<PageQuery, std::string> read_page_query(const Parameters& parameters,
                                                     int64_t default_per_page);

}  // namespace fake_aikido
