#include "plugins/aikido_activity_log/activity_log_input.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "plugins/aikido_activity_log/description.hpp"
#include "plugins/aikido_activity_log/record_time.hpp"

namespace aikido {
namespace {

using connector::Batch;
using connector::Request;

constexpr int64_t kLongestOpenIdle = 5 * kNsPerSecond;
constexpr int64_t kClocksMayDiffer = 300 * kNsPerSecond;

Error cancelled() { return {Status::kCancelled, "cancelled"}; }

Batch waiting(int64_t wait_ns, int32_t reason) {
  Batch batch;
  batch.wait = {wait_ns, reason};
  return batch;
}

bool is_retried_later(Status status) {
  return status == Status::kTransient || status == Status::kProtocol || status == Status::kDeadline;
}

// The beginning is fixed for ever, so it rests on no clock that may be wrong by more than a day.
Error clocks_differ(int64_t server_ns, int64_t host_ns) {
  return {Status::kTransient, "Aikido's answer says that it is " + time_text(server_ns) +
                                  ", this machine's clock says " + time_text(host_ns) +
                                  ": nothing is asked for, since a wrong time would lose "
                                  "records; set this machine's clock, or wait where Aikido's is "
                                  "wrong"};
}

// Another page may have a better answer: the server was reached and refused neither the credentials
// nor the pace.
bool concerns_page(const Error& error, const Exchange& exchange) {
  return exchange.connected && (is_retried_later(error.status) || error.status == Status::kConfig);
}

}  // namespace

Batch batch_of(Page page, const std::vector<size_t>& deliver) {
  Batch batch;
  batch.records.reserve(deliver.size());
  for (const size_t index : deliver) {
    const PageRecord& record = page.records[index];
    batch.records.push_back(
        {connector::text(record.data), connector::text(record.id), record.event_time_ns});
  }
  batch.memory = std::move(page.memory);
  return batch;
}

std::string_view ActivityLogInput::describe() { return description(); }

ActivityLogInput::ActivityLogInput(connector::Host host)
    : ActivityLogInput(host, make_curl_transport(host)) {}

ActivityLogInput::ActivityLogInput(connector::Host host, std::unique_ptr<Transport> transport)
    : host_(host),
      transport_(std::move(transport)),
      server_time_(host),
      backoff_(host),
      page_backoffs_{Backoff(host), Backoff(host), Backoff(host)},
      counts_(host),
      request_log_(host) {}

Result<void> ActivityLogInput::configure(std::string_view settings, std::string_view checkpoint) {
  // Where there is a position already, another beginning has no effect.
  const int64_t latest_start_ns =
      checkpoint.empty() ? host_.wall_clock() + kClocksMayDiffer : INT64_MAX;
  Result<Settings> read =
      read_settings(settings, host_.property("run_once") == "1", latest_start_ns);
  if (!read) return std::move(read).error();
  settings_ = *std::move(read);
  Result<std::unique_ptr<Collector>> made = Collector::make(settings_.collector, checkpoint);
  if (!made) return std::move(made).error();
  collector_ = *std::move(made);
  api_ = std::make_unique<Api>(host_, settings_, *transport_);
  counts_.cadence(settings_.collector.poll_interval_ns);
  const std::string remark = collector_->remark();
  if (!remark.empty()) host_.log(CONNECTOR_LOG_WARNING, remark);
  return {};
}

Result<Batch> ActivityLogInput::next_batch(const Request& request) {
  if (cancelled_) return cancelled();
  Result<Batch> batch = step(request);
  if (batch) return complete(*std::move(batch));
  rest_before(batch.error().wait.ns);
  return batch;
}

Result<Batch> ActivityLogInput::check(const Request& request) {
  if (cancelled_) return cancelled();
  if (!check_) check_ = std::make_unique<Check>(host_, settings_, *api_);
  return check_->next(request);
}

void ActivityLogInput::cancel() {
  cancelled_ = true;
  transport_->cancel();
}

// The server's time is needed before anything else, and the token's answer tells it. A start that
// was refused is tried again, whatever is due: so far nothing shows that all is well.
Result<Batch> ActivityLogInput::step(const Request& request) {
  const bool starts = collector_->first_run() || !had_token_;
  if (starts && !api_->has_token()) return take_token(request);
  if (collector_->first_run()) return begin();
  const auto next = collector_->next(server_time_.now_ns());
  if (const Idle* pause = std::get_if<Idle>(&next)) return idle(*pause);
  if (!api_->has_token()) return take_token(request);
  return take_page(std::get<PageRequest>(next), request);
}

Result<Batch> ActivityLogInput::take_token(const Request& request) {
  const Result<int64_t> wait_ns = wait_for_pace(request);
  if (!wait_ns) return backed_off(wait_ns.error());
  if (*wait_ns > 0) return waiting(*wait_ns, CONNECTOR_WAIT_RATE_LIMIT);
  const Result<void> taken = api_->fetch_token(request.deadline_ns);
  note_answer("token", taken ? nullptr : &taken.error());
  request_log_.token(taken ? nullptr : &taken.error());
  if (!taken) return backed_off(taken.error());
  const int64_t host_ns = host_.wall_clock();
  const int64_t server_ns = server_time_.now_ns();
  // Later on an earlier Date can do no harm: what was vouched for stands.
  const int64_t off_ns =
      collector_->first_run() ? std::abs(server_ns - host_ns) : server_ns - host_ns;
  if (!had_token_ && off_ns > kNsPerDay) {
    api_->drop_token();  // the next one brings another Date
    return backed_off(clocks_differ(server_ns, host_ns));
  }
  had_token_ = true;
  return collector_->first_run() ? begin() : Batch{};
}

// Committed before anything is asked for, so that a restart does not move the beginning.
Batch ActivityLogInput::begin() {
  collector_->begin(server_time_.now_ns());
  Batch batch;
  batch.checkpoint = collector_->checkpoint();
  return batch;
}

Result<Batch> ActivityLogInput::take_page(const PageRequest& asked, const Request& request) {
  const Result<int64_t> wait_ns = wait_for_pace(request);
  if (!wait_ns) return backed_off(wait_ns.error());
  if (*wait_ns > 0) return waiting(*wait_ns, CONNECTOR_WAIT_RATE_LIMIT);
  const int64_t surely_ns = server_time_.surely_ns();
  Result<Page> page = api_->fetch_page(asked, request.deadline_ns);
  note_answer(name_of(asked.kind), page ? nullptr : &page.error());
  if (!page) return refused(asked, std::move(page).error());
  return deliver(asked, *std::move(page), surely_ns);
}

Result<Batch> ActivityLogInput::refused(const PageRequest& asked, Error error) {
  request_log_.failed(asked, error);
  if (asked.looks_ahead) return looked_in_vain(asked, std::move(error));
  if (error.http_status != 401) return failed(asked, std::move(error));
  api_->drop_token();
  renewed_after_401_ = !renewed_after_401_;
  if (renewed_after_401_) return Batch{};
  return error;
}

// Nothing depends on a look ahead, so it is over, and tells of no trouble: where there is one, the
// next page has it, too. But whoever is asked to wait, or to stop, does.
Result<Batch> ActivityLogInput::looked_in_vain(const PageRequest& asked, Error error) {
  const Result<Accepted> over = collector_->accept(asked, Page{}, INT64_MAX);
  if (!over) return over.error();
  const bool awaited = error.status == Status::kRateLimited || error.status == Status::kCancelled ||
                       error.status == Status::kDeadline;
  if (awaited) return failed(asked, std::move(error));
  Batch batch;
  batch.checkpoint = collector_->checkpoint();
  return batch;
}

Error ActivityLogInput::failed(const PageRequest& asked, Error error) {
  if (!concerns_page(error, api_->last_exchange())) return backed_off(std::move(error));
  Backoff& own = page_backoffs_[static_cast<size_t>(asked.kind)];
  const int64_t rest_ns = std::max({own.next_ns(), backoff_.next_ns(), error.wait.ns});
  return collector_->failed(asked, std::move(error), server_time_.now_ns(), rest_ns);
}

Result<Batch> ActivityLogInput::deliver(const PageRequest& asked, Page page, int64_t surely_ns) {
  renewed_after_401_ = false;
  const std::optional<int64_t> date_s = api_->last_exchange().date_s;
  if (date_s) surely_ns = std::min(surely_ns, *date_s * kNsPerSecond);
  const Result<Accepted> accepted = collector_->accept(asked, page, surely_ns);
  if (!accepted) {
    request_log_.failed(asked, accepted.error());
    return failed(asked, accepted.error());
  }
  request_log_.page(asked, page, *accepted);
  page_backoffs_[static_cast<size_t>(asked.kind)].reset();
  counts_.accepted(*accepted);
  Batch batch = batch_of(std::move(page), accepted->deliver);
  batch.checkpoint = collector_->checkpoint();
  return batch;
}

Batch ActivityLogInput::idle(const Idle& idle) const {
  return waiting(std::max<int64_t>(idle.until_ns - server_time_.now_ns(), 1),
                 idle.held_back ? CONNECTOR_WAIT_BACKOFF : CONNECTOR_WAIT_IDLE);
}

Result<int64_t> ActivityLogInput::wait_for_pace(const Request& request) const {
  if (host_.monotonic_clock() >= request.deadline_ns)
    return Error{Status::kDeadline, "the deadline passed before a request could begin"};
  return host_.pace_acquire(settings_.pace_key(), settings_.collector.request_interval_ns);
}

void ActivityLogInput::note_answer(std::string_view kind, const Error* error) {
  const Exchange& exchange = api_->last_exchange();
  counts_.request(kind, error, exchange);
  if (exchange.date_s) server_time_.learn(*exchange.date_s, collector_->vouched_ns());
}

Batch ActivityLogInput::complete(Batch batch) {
  const bool waits = batch.wait.reason != CONNECTOR_WAIT_NONE;
  if (!waits && !renewed_after_401_) backoff_.reset();
  if (!collector_->first_run()) {
    batch.progress = collector_->progress();
    batch.watermark_ns = collector_->watermark_ns();
    batch.notice = collector_->notice();
    counts_.lag(server_time_.now_ns(), batch.watermark_ns);
    tell_position();
  }
  request_log_.waits(batch.wait);
  rest_before(batch.wait.ns);
  return batch;
}

// Each change, for the host keeps it with the batch's checkpoint.
void ActivityLogInput::tell_position() {
  const Position position = collector_->position();
  if (std::exchange(told_, position) == position) return;
  counts_.position(position, settings_.collector.late_check_interval_ns);
}

Error ActivityLogInput::backed_off(Error error) {
  if (is_retried_later(error.status)) {
    const int64_t wait_ns = std::max(error.wait.ns, backoff_.next_ns());
    error.wait = {wait_ns, CONNECTOR_WAIT_BACKOFF};
  }
  return error;
}

void ActivityLogInput::rest_before(int64_t wait_ns) {
  if (wait_ns > kLongestOpenIdle) api_->rest();
}

}  // namespace aikido
