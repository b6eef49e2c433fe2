// Hands out the members of a settings object by name and collects what is wrong with them, so that
// all mistakes are told at once. One thread.
#pragma once

#include <simdjson.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "plugins/aikido_activity_log/page.hpp"

namespace aikido {

class SettingsReader {
 public:
  using Element = simdjson::dom::element;

  // The object's document outlives the reader.
  explicit SettingsReader(simdjson::dom::object settings);

  // `place` is a JSON pointer.
  void wrong(const std::string& place, const std::string& text);

  // Nothing where the setting is left out, or where it was wrong and has been noted.
  std::optional<Element> take(std::string_view key);
  std::optional<std::string> text(std::string_view key);
  std::optional<std::string> text_of(const std::string& place, Element element);
  std::optional<std::string> one_of(std::string_view key,
                                    std::initializer_list<std::string_view> choices);

  // The text as `parse` reads it; its error becomes a mistake.
  template <class Value>
  std::optional<Value> parsed(std::string_view key, Result<Value> (*parse)(std::string_view)) {
    const std::optional<std::string> given = text(key);
    if (!given) return std::nullopt;
    return keep(key, parse(*given));
  }

  template <class Value>
  std::optional<Value> keep(std::string_view key, Result<Value> value) {
    if (value) return *std::move(value);
    wrong(pointer(key), value.error().text);
    return std::nullopt;
  }

  // Every mistake, one a line; whatever was never taken is one, too.
  std::string finish();

  // JSON pointer of a member (RFC 6901), without control characters.
  static std::string pointer(std::string_view key);

 private:
  std::map<std::string_view, Element> members_;
  std::string mistakes_;
};

}  // namespace aikido
