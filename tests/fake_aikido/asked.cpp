#include "tests/fake_aikido/asked.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <memory>

namespace fake_aikido {
namespace {

std::string decoded(std::string text) {
  std::replace(text.begin(), text.end(), '+', ' ');
  int size = 0;
  const std::unique_ptr<char, void (*)(void*)> plain(
      curl_easy_unescape(nullptr, text.data(), static_cast<int>(text.size()), &size), curl_free);
  return plain ? std::string(plain.get(), static_cast<size_t>(size)) : text;
}

Kind kind_of(const std::string& path) {
  if (path == "/api/oauth/token") return Kind::kToken;
  if (path == "/api/public/v1/report/activityLog") return Kind::kPage;
  return Kind::kOther;
}

}  // namespace

std::optional<std::string> Asked::parameter(const std::string& name) const {
  for (const auto& [key, value] : parameters)
    if (key == name) return value;
  return std::nullopt;
}

Asked read_target(const std::string& target) {
  Asked asked;
  const size_t question = target.find('?');
  asked.path = target.substr(0, question);
  asked.kind = kind_of(asked.path);
  for (size_t at = question; at != std::string::npos;) {
    const size_t next = target.find('&', at + 1);
    const std::string pair =
        target.substr(at + 1, next == std::string::npos ? next : next - at - 1);
    const size_t equals = pair.find('=');
    if (equals == std::string::npos)
      asked.parameters.emplace_back(decoded(pair), "");
    else
      asked.parameters.emplace_back(decoded(pair.substr(0, equals)),
                                    decoded(pair.substr(equals + 1)));
    at = next;
  }
  return asked;
}

}  // namespace fake_aikido
