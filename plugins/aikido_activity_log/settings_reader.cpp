#include "plugins/aikido_activity_log/settings_reader.hpp"

#include <algorithm>

namespace aikido {
namespace {

constexpr size_t kLongestText = 1024;
constexpr size_t kLongestKeyShown = 64;

}  // namespace

SettingsReader::SettingsReader(simdjson::dom::object settings) {
  for (const auto member : settings) members_.emplace(member.key, member.value);
}

void SettingsReader::wrong(const std::string& place, const std::string& text) {
  if (!mistakes_.empty()) mistakes_ += '\n';
  mistakes_ += place + ": " + text;
}

std::optional<SettingsReader::Element> SettingsReader::take(std::string_view key) {
  const auto found = members_.find(key);
  if (found == members_.end()) return std::nullopt;
  const Element element = found->second;
  members_.erase(found);
  return element;
}

std::optional<std::string> SettingsReader::text(std::string_view key) {
  const std::optional<Element> element = take(key);
  if (!element) return std::nullopt;
  return text_of(pointer(key), *element);
}

std::optional<std::string> SettingsReader::text_of(const std::string& place, Element element) {
  std::string_view value;
  if (element.get(value) != simdjson::SUCCESS) {
    wrong(place, "is not a text; put it in quotes");
  } else if (value.empty()) {
    wrong(place, "is empty; give a value or leave it out");
  } else if (value.size() > kLongestText) {
    wrong(place, "is too long; write at most 1024 bytes");
  } else {
    return std::string(value);
  }
  return std::nullopt;
}

std::optional<std::string> SettingsReader::one_of(std::string_view key,
                                                  std::initializer_list<std::string_view> choices) {
  std::optional<std::string> given = text(key);
  if (!given || std::find(choices.begin(), choices.end(), *given) != choices.end()) return given;
  std::string list;
  for (const std::string_view choice : choices)
    list.append(list.empty() ? "" : ", ").append(choice);
  wrong(pointer(key), "is unknown; write one of " + list);
  return std::nullopt;
}

std::string SettingsReader::finish() {
  for (const auto& [key, element] : members_)
    wrong(pointer(key.substr(0, kLongestKeyShown)),
          "is not a setting of this input; correct its name or leave it out");
  return mistakes_;
}

std::string SettingsReader::pointer(std::string_view key) {
  std::string escaped = "/";
  for (const char c : key) {
    const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    if (c == '~') {
      escaped += "~0";
    } else if (c == '/') {
      escaped += "~1";
    } else {
      escaped += control ? ' ' : c;
    }
  }
  return escaped;
}

}  // namespace aikido
