#include "plugins/aikido_activity_log/vendor_words.hpp"

#include <simdjson.h>

#include "plugin_api/connector_plugin.hpp"

namespace aikido {
namespace {

constexpr size_t kLargestErrorBody = 64 << 10;
constexpr size_t kMostWords = 300;

// The first of `keys` whose value is a text; empty where there is none.
std::string text_member(const std::string& body, std::initializer_list<const char*> keys) {
  simdjson::dom::parser parser;
  simdjson::dom::element document;
  if (body.size() > kLargestErrorBody || parser.parse(body).get(document) != simdjson::SUCCESS)
    return {};
  for (const char* key : keys) {
    std::string_view text;
    if (document[key].get(text) == simdjson::SUCCESS && !text.empty()) return std::string(text);
  }
  return {};
}

}  // namespace

std::string vendor_words(const std::string& body, const Redactor& redactor) {
  return clean(
      redactor.apply(text_member(body, {"error_description", "error", "reason_phrase", "message"})),
      kMostWords);
}

std::string oauth_error(const std::string& body) { return text_member(body, {"error"}); }

std::string clean(std::string text, size_t most) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
    if (c == '"') c = '\'';
  }
  text.resize(connector::border::cut(text, most));
  for (size_t at = 0; (at = text.find(';', at)) != std::string::npos; ++at)
    if (at + 1 == text.size() || text[at + 1] == ' ') text[at] = ',';
  return text;
}

}  // namespace aikido
