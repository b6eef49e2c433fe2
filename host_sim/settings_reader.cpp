#include "host_sim/settings_reader.hpp"

#include <algorithm>

#include "host_sim/plain_text.hpp"

namespace host {
namespace {

using nlohmann::json;

// Reads a tree, and notes places and mistakes on the way.
class Reader {
 public:
  Reader(std::map<std::string, Place>& places, Mistakes& mistakes)
      : places_(places), mistakes_(mistakes) {}

  json read(const YamlNode& node, Place place, const SettingsSchema& schema,
            const json::json_pointer& pointer, const std::string& key_path) {
    places_[pointer.to_string()] = place;
    switch (node.kind) {
      case YamlNode::Kind::kNull:
        return nullptr;
      case YamlNode::Kind::kScalar:
        return read_scalar(node, schema.types());
      case YamlNode::Kind::kSequence:
        return read_list(node, schema, pointer, key_path);
      case YamlNode::Kind::kMap:
        return read_map(node, schema, pointer, key_path);
    }
    return nullptr;
  }

 private:
  json read_list(const YamlNode& node, const SettingsSchema& schema,
                 const json::json_pointer& pointer, const std::string& key_path) {
    json list = json::array();
    for (size_t i = 0; i < node.items.size(); ++i)
      list.push_back(read(node.items[i], node.items[i].place, schema.item(i), pointer / i,
                          key_path + "[" + std::to_string(i) + "]"));
    return list;
  }

  json read_map(const YamlNode& node, const SettingsSchema& schema,
                const json::json_pointer& pointer, const std::string& key_path) {
    json map = json::object();
    for (const YamlMember& member : known_members(node, schema, key_path))
      map[member.key] = read(member.value, member.place, schema.property(member.key),
                             pointer / member.key, member_path(key_path, member.key));
    return map;
  }

  std::vector<YamlMember> known_members(const YamlNode& node, const SettingsSchema& schema,
                                        const std::string& key_path) {
    std::vector<YamlMember> members = first_of_each_key(node, key_path, mistakes_);
    if (!schema.is_closed()) return members;
    const std::vector<std::string> names = schema.property_names();
    std::erase_if(members, [&](const YamlMember& member) {
      const bool known = std::find(names.begin(), names.end(), member.key) != names.end();
      if (!known) add_unknown_key(member, key_path, "a setting", names, mistakes_);
      return !known;
    });
    return members;
  }

  std::map<std::string, Place>& places_;
  Mistakes& mistakes_;
};

bool allows(const std::set<std::string>& types, const json& value) {
  if (types.empty()) return true;
  if (value.is_boolean()) return types.contains("boolean");
  if (value.is_number_float()) return types.contains("number");
  return types.contains("integer") || types.contains("number");
}

}  // namespace

json read_scalar(const YamlNode& node, const std::set<std::string>& types) {
  if (node.quoted) return node.text;
  // JSON's own grammar is the strict one: no leading zero, no plus, no yes and no.
  const json value = json::parse(node.text, nullptr, /*allow_exceptions=*/false);
  const bool fits = (value.is_number() || value.is_boolean()) && allows(types, value);
  if (!fits) return node.text;
  // Where text is allowed, too, what would not be written again as it was stays text.
  const bool text_allowed = types.empty() || types.contains("string");
  return text_allowed && value.dump() != node.text ? json(node.text) : value;
}

ReadSettings read_settings(const YamlNode& node, const SettingsSchema& schema,
                           const std::string& key_path, Mistakes& mistakes) {
  ReadSettings result;
  Reader reader(result.places, mistakes);
  result.values = reader.read(node, node.place, schema, json::json_pointer(), key_path);
  return result;
}

}  // namespace host
