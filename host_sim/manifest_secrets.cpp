#include "host_sim/manifest_secrets.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace host {
namespace {

using nlohmann::json;

constexpr const char* kGive = "give {env: NAME} or {file: PATH}";

struct Known {
  std::vector<std::string> names;
  std::vector<std::string> required;
};

Known known_secrets(const json& description) {
  Known known;
  for (const json& secret : description.value("secrets", json::array())) {
    known.names.push_back(secret.at("name").get<std::string>());
    if (secret.value("required", true)) known.required.push_back(known.names.back());
  }
  return known;
}

bool is_variable(const std::string& name) {
  constexpr std::string_view kAfterTheFirst =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
  const bool begins_with_a_digit = name.front() >= '0' && name.front() <= '9';
  return !begins_with_a_digit && name.find_first_not_of(kAfterTheFirst) == std::string::npos;
}

std::optional<SecretReference> reference_of(const Fields& fields, const std::string& path,
                                            const std::filesystem::path& folder) {
  const std::optional<std::string> variable = fields.text("env");
  const std::optional<std::string> file = fields.text("file");
  if (variable && !is_variable(*variable)) {
    fields.add_mistake("env", "must be the name of an environment variable: letters, digits and _");
    return {};
  }
  if (variable)
    return SecretReference{SecretReference::Kind::kEnvironment, *variable, fields.place(), path};
  if (!file) return {};
  return SecretReference{SecretReference::Kind::kFile, (folder / *file).lexically_normal().string(),
                         fields.place(), path};
}

std::optional<SecretReference> read_secret(const YamlMember& member, const std::string& path,
                                           const std::filesystem::path& folder,
                                           Mistakes& mistakes) {
  if (member.value.is_scalar()) {
    mistakes.add(member.place, path,
                 std::string("a secret's value does not belong in a manifest; remove it, ") +
                     kGive + ", and change the secret if the manifest was shared");
    return {};
  }
  const Fields fields(member.value, member.place, path, {"env", "file"}, mistakes);
  if (!fields.is_map()) return {};
  const bool env = fields.find("env") != nullptr;
  const bool file = fields.find("file") != nullptr;
  if (env != file) return reference_of(fields, path, folder);
  mistakes.add(member.place, path,
               std::string(env ? "has both env and file; " : "has neither env nor file; ") + kGive);
  return {};
}

// All that stands at a path of keys below a node, where each list is every one of its items.
void collect(const YamlNode& node, std::span<const std::string_view> keys,
             std::set<std::string>& found) {
  constexpr std::string_view kAny = "*";
  for (const YamlNode& item : node.items) collect(item, keys, found);
  if (keys.empty() && node.is_scalar()) found.insert(node.text);
  if (keys.empty()) return;
  for (const YamlMember& member : node.members)
    if (keys.front() == kAny || keys.front() == member.key)
      collect(member.value, keys.subspan(1), found);
}

void add_missing(const Known& known, const std::vector<YamlMember>& given, const Fields& input,
                 Mistakes& mistakes) {
  for (const std::string& name : known.required) {
    const bool there = std::any_of(given.begin(), given.end(), [&name](const YamlMember& member) {
      return member.key == name;
    });
    if (!there)
      mistakes.add(input.place_of("secrets"), member_path(input.path_of("secrets"), name),
                   std::string("is missing; ") + kGive);
  }
}

}  // namespace

std::map<std::string, SecretReference> read_secrets(const Fields& input, const json* description,
                                                    const std::filesystem::path& folder,
                                                    Mistakes& mistakes) {
  const YamlMember* secrets = input.find("secrets");
  const std::string path = input.path_of("secrets");
  std::vector<YamlMember> given;
  if (secrets && secrets->value.is_map())
    given = first_of_each_key(secrets->value, path, mistakes);
  else if (secrets && secrets->value.kind != YamlNode::Kind::kNull)
    input.add_mistake("secrets", std::string("must be a map from each secret's name; ") + kGive);

  std::map<std::string, SecretReference> result;
  const Known known = description ? known_secrets(*description) : Known();
  for (const YamlMember& member : given) {
    const bool right = !description || std::find(known.names.begin(), known.names.end(),
                                                 member.key) != known.names.end();
    if (!right) add_unknown_key(member, path, "a secret of this plugin", known.names, mistakes);
    std::optional<SecretReference> reference =
        read_secret(member, member_path(path, member.key), folder, mistakes);
    if (right && reference) result.emplace(member.key, *std::move(reference));
  }
  add_missing(known, given, input, mistakes);
  return result;
}

std::set<std::string> secret_variables(const YamlNode& manifest) {
  constexpr std::array<std::string_view, 5> kKeys = {"pipelines", "input", "secrets", "*", "env"};
  std::set<std::string> variables;
  collect(manifest, kKeys, variables);
  return variables;
}

}  // namespace host
