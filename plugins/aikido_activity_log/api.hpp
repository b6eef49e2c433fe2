// The vendor's client: one token or one page a call, every answer mapped to an error class with
// cause and remedy. Knows Aikido's requests and answers, and no policy. Calls come from one thread
// at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "plugins/aikido_activity_log/page.hpp"
#include "plugins/aikido_activity_log/settings.hpp"
#include "plugins/aikido_activity_log/transport.hpp"

namespace aikido {

// How one request went, for the steps of `check` and for the counts.
struct Exchange {
  bool resolved = false;  // the host's name, or a proxy's
  bool connected = false;
  bool secured = false;           // TLS, or plain http to loopback
  int http_status = 0;            // 0: no answer
  std::optional<int64_t> date_s;  // the Date of a whole answer, Unix seconds
  size_t body_bytes = 0;          // inflated
  bool has_authorities = true;    // false: the CA store cannot be read, and nothing was sent
  bool by_proxy = false;          // `connected` is then of the proxy's tunnel
};

enum class FilterUse { kAsSet, kNone };

class Api {
 public:
  // `host` and `transport` outlive the object.
  Api(connector::Host host, const Settings& settings, Transport& transport);
  ~Api();

  // Has a token that serves for the next request, as far as is known.
  bool has_token() const;
  void drop_token();

  // One request each. `deadline_ns` on the host's monotonic clock. The caller has taken the pace's
  // slot; a Retry-After has already put the pace on hold, and its error carries the wait.
  Result<void> fetch_token(int64_t deadline_ns);
  Result<Page> fetch_page(const PageRequest& request, int64_t deadline_ns,
                          FilterUse filters = FilterUse::kAsSet);

  const Exchange& last_exchange() const;

  // Closes idle connections; called before a wait of more than 5 s.
  void rest();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace aikido
