// What a plugin says of itself, and the schema in it: read or refused, then usable by whoever walks
// it: the check of settings, and the words for what should stand where.
#include "host_sim/plain_text.hpp"
#include "host_sim/plugin_description.hpp"
#include "host_sim/schema_check.hpp"
#include "host_sim/settings_schema.hpp"
#include "tests/fuzz/law.hpp"

namespace {

using fuzz::law;
using nlohmann::json;

constexpr const char* kName = "typed_settings";

void check_demand(const host::SettingsSchema& schema) {
  law(!fuzz::has_control(schema.demand()), "what should stand somewhere is one line");
  law(!fuzz::has_control(schema.description()), "and so is what it is");
}

void check_schema(const json& schema) {
  const host::SettingsSchema root(schema);
  check_demand(root);
  for (const std::string& name : root.property_names()) check_demand(root.property(name));
  check_demand(root.item(0));
  const auto check = host::SchemaCheck::make(schema);
  if (!check) return;
  for (const json& settings : {json::object(), json{{"a", "text"}, {"b", 5}, {"c", {1, 2, 2}}}})
    if (const auto faults = check->check(settings))
      for (const host::SchemaFault& fault : *faults) check_demand(root.at(fault.pointer));
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text = fuzz::text_of(data, size);
  const auto description = host::read_description(connector::text(text), kName);
  if (!description) {
    law(description.error().status == connector::Status::kInternal, "a refusal is INTERNAL");
    law(host::one_line(description.error().text) == description.error().text, "of one line");
    return 0;
  }
  law((*description)["name"] == kName, "a plugin is called as its file is");
  for (const char* key : {"name", "version", "summary"})
    law(!fuzz::has_control((*description)[key].get_ref<const std::string&>()), "in one line each");
  check_schema((*description)["settings"]);
  return 0;
}
