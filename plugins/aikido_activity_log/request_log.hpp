// What became of each request, for whoever looks why nothing comes: lines of the host's debug log,
// where it has one, else no text is made. One thread.
//   token: taken
//   fresh, 2026-01-01T11:59:59Z to 2026-01-01T12:01:00Z, page 0: 3 records, 1 new; the sweep is
//   complete
//   late, ..., page 0: Aikido's activity log at ... answered 503; ...
//   waits 55 s: idle
#pragma once

#include <string>

#include "plugins/aikido_activity_log/collector.hpp"

namespace aikido {

class RequestLog {
 public:
  explicit RequestLog(connector::Host host);

  // `error` is null where there is a new one.
  void token(const Error* error) const;
  void page(const PageRequest& asked, const Page& page, const Accepted& accepted) const;
  void failed(const PageRequest& asked, const Error& error) const;
  void waits(const connector::Wait& wait) const;

 private:
  void tell(const std::string& line) const { host_.log(CONNECTOR_LOG_DEBUG, line); }

  connector::Host host_;
  bool is_read_;
};

}  // namespace aikido
