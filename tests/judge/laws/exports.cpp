#include <algorithm>
#include <array>
#include <string_view>

#include "tests/judge/exported_symbols.hpp"
#include "tests/judge/laws/laws.hpp"

namespace judge {
namespace {

constexpr std::string_view kOptional = "connector_check";
constexpr std::array<std::string_view, 8> kFunctions = {
    "connector_abi_version", "connector_describe", "connector_init",   "connector_configure",
    "connector_next_batch",  "connector_check",    "connector_cancel", "connector_destroy"};
constexpr size_t kNamed = 3;

std::string list(const std::vector<std::string>& names) {
  std::string text;
  for (size_t i = 0; i < std::min(names.size(), kNamed); ++i)
    text += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > kNamed) text += " and " + std::to_string(names.size() - kNamed) + " more";
  return text;
}

}  // namespace

std::string exports(const Subject& subject) {
  const std::vector<std::string> names = exported_symbols(subject.plugin);
  std::vector<std::string> foreign, missing;
  for (const std::string& name : names)
    if (std::find(kFunctions.begin(), kFunctions.end(), name) == kFunctions.end())
      foreign.push_back(name);
  for (const std::string_view function : kFunctions)
    if (function != kOptional && std::find(names.begin(), names.end(), function) == names.end())
      missing.emplace_back(function);
  // A function of the plugin's own says more than a library's mangled template.
  std::stable_partition(foreign.begin(), foreign.end(),
                        [](const std::string& name) { return name.rfind("_Z", 0) != 0; });
  if (!missing.empty()) throw Broken("not exported: " + list(missing));
  if (!foreign.empty())
    throw Broken("exported beside the header's functions: " + list(foreign) +
                 "; hide them with a version script and -fvisibility=hidden");
  return std::to_string(names.size()) + " functions, nothing else";
}

}  // namespace judge
