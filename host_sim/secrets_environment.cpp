#include <openssl/crypto.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "host_sim/secrets.hpp"

namespace host {

// Overwrites the value where it stands, for unsetenv only forgets the way there, and the first
// bytes of a process stay readable in /proc/PID/environ.
std::shared_ptr<const SecretValue> SecretEnvironment::take(const std::string& variable) {
  const std::scoped_lock lock(mutex_);
  const auto taken = taken_.find(variable);
  if (taken != taken_.end()) return taken->second;
  char* found = std::getenv(variable.c_str());
  if (!found) return nullptr;
  std::string_view value(found);
  if (value.ends_with('\n')) value.remove_suffix(1);
  if (value.empty()) return nullptr;
  auto result = std::make_shared<const SecretValue>(value, 1);
  OPENSSL_cleanse(found, std::strlen(found));
  ::unsetenv(variable.c_str());
  taken_[variable] = result;
  return result;
}

std::string unset_variable_text(const std::string& variable) {
  const bool looks_like_a_name =
      std::none_of(variable.begin(), variable.end(), [](char c) { return 'a' <= c && c <= 'z'; });
  // Somebody may have put the secret itself where its variable's name belongs.
  const std::string which = looks_like_a_name ? variable : "that is named here";
  return "the environment variable " + which + " is not set, or empty; set it for this process";
}

}  // namespace host
