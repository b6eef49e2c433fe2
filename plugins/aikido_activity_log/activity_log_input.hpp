// The plugin: the policy says what to ask, the vendor's client asks, and one step becomes one
// batch. Calls come from one thread at a time, but for cancel, which any thread may call at any
// moment.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/aikido_activity_log/api.hpp"
#include "plugins/aikido_activity_log/backoff.hpp"
#include "plugins/aikido_activity_log/check.hpp"
#include "plugins/aikido_activity_log/collector.hpp"
#include "plugins/aikido_activity_log/counts.hpp"
#include "plugins/aikido_activity_log/request_log.hpp"
#include "plugins/aikido_activity_log/server_time.hpp"

namespace aikido {

// The records of a page that the host is handed, by their indices.
connector::Batch batch_of(Page page, const std::vector<size_t>& deliver);

class ActivityLogInput {
 public:
  static std::string_view describe();

  explicit ActivityLogInput(connector::Host host);
  // `transport` answers in the network's place.
  ActivityLogInput(connector::Host host, std::unique_ptr<Transport> transport);

  Result<void> configure(std::string_view settings, std::string_view checkpoint);
  // At most one request: a token, or a page. A 401 on a page costs one new token before it is told.
  Result<connector::Batch> next_batch(const connector::Request& request);
  Result<connector::Batch> check(const connector::Request& request);
  void cancel();

 private:
  Result<connector::Batch> step(const connector::Request& request);
  Result<connector::Batch> take_token(const connector::Request& request);
  Result<connector::Batch> take_page(const PageRequest& asked, const connector::Request& request);
  Result<connector::Batch> deliver(const PageRequest& asked, Page page, int64_t surely_ns);
  Result<connector::Batch> refused(const PageRequest& asked, Error error);
  Result<connector::Batch> looked_in_vain(const PageRequest& asked, Error error);
  Error failed(const PageRequest& asked, Error error);
  connector::Batch begin();
  connector::Batch idle(const Idle& idle) const;

  Result<int64_t> wait_for_pace(const connector::Request& request) const;
  void note_answer(std::string_view kind, const Error* error);
  connector::Batch complete(connector::Batch batch);
  void tell_position();
  Error backed_off(Error error);
  void rest_before(int64_t wait_ns);

  connector::Host host_;
  std::unique_ptr<Transport> transport_;
  std::atomic<bool> cancelled_ = false;
  Settings settings_;
  std::unique_ptr<Api> api_;
  std::unique_ptr<Collector> collector_;
  std::unique_ptr<Check> check_;
  ServerTime server_time_;
  Backoff backoff_;                       // after failures in a row, whatever was asked
  std::array<Backoff, 3> page_backoffs_;  // .. of pages of one kind of sweep
  Counts counts_;
  RequestLog request_log_;
  bool had_token_ = false;
  std::optional<Position> told_;
  bool renewed_after_401_ = false;
};

}  // namespace aikido
