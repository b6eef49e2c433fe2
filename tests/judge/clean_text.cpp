#include "tests/judge/clean_text.hpp"

#include <curl/curl.h>
#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

namespace judge {
namespace {

bool has_control(std::string_view text, bool newlines_allowed) {
  return std::any_of(text.begin(), text.end(), [&](char c) {
    return (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) && !(newlines_allowed && c == '\n');
  });
}

std::string base64(const std::string& bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  out.resize(static_cast<size_t>(size));
  return out;
}

std::string url_escaped(const std::string& text) {
  const std::unique_ptr<char, decltype(&curl_free)> escaped(
      curl_easy_escape(nullptr, text.data(), static_cast<int>(text.size())), curl_free);
  return escaped ? escaped.get() : text;
}

std::string json_escaped(const std::string& text) {
  const std::string quoted =
      nlohmann::json(text).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
  return quoted.substr(1, quoted.size() - 2);
}

}  // namespace

bool is_utf8(std::string_view text) {
  try {
    return !nlohmann::json(text).dump().empty();
  } catch (const nlohmann::json::exception&) {
    return false;
  }
}

bool is_json_object(std::string_view text) {
  return !text.empty() && text.front() == '{' && nlohmann::json::accept(text);
}

bool is_clean_line(std::string_view text) { return is_utf8(text) && !has_control(text, false); }
bool are_clean_lines(std::string_view text) { return is_utf8(text) && !has_control(text, true); }

std::vector<std::string> forms_of(const std::string& secret) {
  std::vector<std::string> forms = {secret, url_escaped(secret), json_escaped(secret)};
  // In the midst of other bytes ("id:secret") base64 looks different at each of three alignments;
  // what the neighbours take part in is left out.
  for (size_t before = 0; before < 3; ++before) {
    const std::string encoded = base64(std::string(before, 'x') + secret);
    const size_t head = before == 0 ? 0 : 4;
    if (encoded.size() > head + 4 + 8)
      forms.push_back(encoded.substr(head, encoded.size() - head - 4));
  }
  return forms;
}

std::optional<std::string> secret_in(std::string_view text,
                                     const std::map<std::string, std::string>& secrets) {
  for (const auto& [name, value] : secrets)
    for (const std::string& form : forms_of(value))
      if (!form.empty() && text.find(form) != std::string_view::npos) return name;
  return {};
}

}  // namespace judge
