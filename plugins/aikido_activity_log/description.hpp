// What the plugin says about itself before there is an instance.
#pragma once

#include <string_view>

namespace aikido {

// The JSON of connector_describe; the same at every call. Any thread.
std::string_view description();

}  // namespace aikido
