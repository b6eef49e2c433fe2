// The filters as Aikido's query parameters, and the way back from its words to a setting.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plugins/aikido_activity_log/settings.hpp"

namespace aikido {

struct FilterParameter {
  std::string_view parameter;  // Aikido's name for it
  std::string_view setting;    // ours
  std::string value;           // as sent, but for the escapes of a URL; empty: left out
};

// All there are, in the order of the URL.
std::vector<FilterParameter> filter_parameters(const Filters& filters);

// The settings whose parameters `words`, Aikido's own about a refused page, name. One that is not
// sent is not to blame.
std::vector<std::string> settings_named(std::string_view words, const Filters& filters);

// The filters that an operator set.
std::vector<std::string> settings_of(const Filters& filters);

}  // namespace aikido
