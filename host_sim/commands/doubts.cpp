#include "host_sim/commands/doubts.hpp"

#include <algorithm>

#include "host_sim/plain_text.hpp"
#include "host_sim/settings_schema.hpp"

namespace host::commands {

std::string doubts(const nlohmann::json& schema, const nlohmann::json& settings) {
  std::string lines;
  const nlohmann::json values = settings.flatten();
  for (const auto& [pointer, value] : values.items()) {
    if (!value.is_string()) continue;
    const auto text = value.get<std::string>();
    const std::vector<std::string> known = SettingsSchema(schema).at(pointer).examples();
    if (std::find(known.begin(), known.end(), text) != known.end()) continue;
    if (const std::string probably = meant(text, known); !probably.empty())
      lines += pointer + ": \"" + one_line(text) +
               "\" is none of the values that are known; did you mean " + one_line(probably) +
               "?\n";
  }
  return lines;
}

}  // namespace host::commands
