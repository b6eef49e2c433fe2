// What an answer that brought nothing means: its class, which is the host's action, and one line
// with cause, place and remedy. Pure functions; what Aikido said comes in redacted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "plugins/aikido_activity_log/page.hpp"
#include "plugins/aikido_activity_log/settings.hpp"
#include "plugins/aikido_activity_log/transport.hpp"

namespace aikido {

// How an operator of this host sets what it gave, such as the name of a variable; empty where it
// does not tell.
struct HostSettings {
  std::string proxy, ca_bundle;
};

// An answer with its status, or none.
struct FailedAnswer {
  NoAnswer failure = NoAnswer::kNone;
  std::string detail;             // of the failure
  bool deadline_is_host = false;  // kDeadline: the host's own deadline came before request_timeout
  bool connected = false;
  bool by_proxy = false;
  int proxy_status = 0;
  HostSettings host;
  int status = 0;
  std::string words;  // Aikido's own, or empty
  std::optional<int64_t> retry_after_s;
};

// How a borrowed secret looks, for the reason of a refusal.
enum class SecretShape {
  kPlain,
  kSpaceAtStart,
  kSpaceAtEnd,
  kSpaceAtBothEnds,
  kSpaceInside,
  kQuoted
};
SecretShape shape_of(std::string_view secret);

Error page_error(SweepKind kind, const FailedAnswer& answer, const Settings& settings);

// `refused`: Aikido called the client invalid, which it may do with a 400 as well as with a 401.
Error token_error(const FailedAnswer& answer, bool refused, SecretShape secret,
                  const Settings& settings);

// "/setting: text" -> "text": for where no host shows the setting's line in the manifest.
std::string without_setting(const std::string& text);

}  // namespace aikido
