// The vendor's client: one token or one page a call, every answer mapped to an error class with
// cause and remedy. Knows Aikido's requests and answers, and no policy.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plugins/aikido_activity_log/page.hpp"
#include "plugins/aikido_activity_log/settings.hpp"

namespace aikido {

// How one request went, for the steps of `check` and for the counts.
struct Exchange {
  bool resolved = false;  // the host's name, or a proxy's
  bool connected = false;
  bool secured = false;           // TLS, or plain http to loopback
  int http_status = 0;            // 0: no answer
  std::optional<int64_t> date_s;  // the Date header, Unix seconds
  size_t body_bytes = 0;          // inflated
};

class Api {
 public:
  // `host` outlives the object.
  Api(connector::Host host, const Settings& settings);
  ~Api();

  // Has a token that lives for the next request, as far as is known (renewed at a tenth of its life
  // before the end, at most five minutes).
  bool has_token() const;
  void drop_token();

  // One request each. `deadline_ns` on the host's monotonic clock. The caller has taken the pace's
  // slot; a 429 has already put the pace on hold, and its error carries the wait.
  Result<void> fetch_token(int64_t deadline_ns);
  Result<Page> fetch_page(const PageRequest& request, int64_t deadline_ns);

  const Exchange& last_exchange() const;

  // Closes idle connections; called before a wait of more than 5 s.
  void rest();
  // Any thread; sticky.
  void cancel();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace aikido
