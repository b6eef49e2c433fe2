// A client id as it may be shown: whoever mistakes the secret for it must not find it in a log.
#pragma once

#include <string>
#include <string_view>

namespace aikido {

constexpr std::string_view kClientIdPrefix = "AIK_CLIENT_";
constexpr std::string_view kExampleClientId = "AIK_CLIENT_replace_me";  // of the manifests to copy
constexpr std::string_view kSecretPrefix = "AIK_SECRET_";

inline std::string shown_client_id(std::string_view id) {
  constexpr size_t kRecognised = 4;
  if (id.starts_with(kClientIdPrefix)) return std::string(id);
  return std::string(id.substr(0, kRecognised)) + "...";
}

}  // namespace aikido
