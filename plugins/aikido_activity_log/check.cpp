#include "plugins/aikido_activity_log/check.hpp"

#include <algorithm>

#include "plugins/aikido_activity_log/client_id.hpp"
#include "plugins/aikido_activity_log/record_time.hpp"

namespace aikido {
namespace {

constexpr int64_t kDaysBack = 30;

int64_t newest(const Page& page) {
  int64_t time_ns = CONNECTOR_TIME_UNKNOWN;
  for (const PageRecord& record : page.records) time_ns = std::max(time_ns, record.event_time_ns);
  return time_ns;
}

std::string seen(const Page& page) {
  if (page.records.empty())
    return "no record in the last 30 days (Aikido shows an action up to an hour late)";
  const int64_t time_ns = newest(page);
  return std::to_string(page.records.size()) + " records on the first page of the last 30 days" +
         (time_ns == CONNECTOR_TIME_UNKNOWN ? "" : ", the newest of them of " + time_text(time_ns));
}

}  // namespace

Check::Check(connector::Host host, const Settings& settings, Api& api)
    : host_(host), settings_(settings), api_(api), server_time_(host) {}

Result<connector::Batch> Check::next(const connector::Request& request) {
  CheckSteps steps;
  given_up_.reset();
  if (phase_ != Phase::kDone) {
    const int64_t wait_ns =
        host_.pace_acquire(settings_.pace_key(), settings_.collector.request_interval_ns);
    if (wait_ns > 0) {
      connector::Batch batch;
      batch.wait = {wait_ns, CONNECTOR_WAIT_RATE_LIMIT};
      return batch;
    }
    ask(steps, request);
  }
  if (given_up_) return *std::move(given_up_);
  connector::Batch batch = std::move(steps).to_batch(host_.wall_clock());
  if (phase_ == Phase::kDone) batch.wait.reason = CONNECTOR_WAIT_END;
  return batch;
}

void Check::ask(CheckSteps& steps, const connector::Request& request) {
  switch (phase_) {
    case Phase::kToken:
      return ask_token(steps, request.deadline_ns);
    case Phase::kActivityLog:
      return ask_activity_log(steps, request.deadline_ns);
    default:
      return ask_filters(steps, request.deadline_ns);
  }
}

// A step that fails is the last one: those behind it would only repeat its message.
void Check::fail(CheckSteps& steps, const char* step, const Error& error) {
  if (error.status == Status::kCancelled || error.status == Status::kDeadline) {
    given_up_ = error;
    return;
  }
  steps.failed(step, error.status == Status::kRateLimited ? quota_used_up(error) : split(error));
  phase_ = Phase::kDone;
}

// What this check itself has asked for is far from any quota.
CauseAndRemedy Check::quota_used_up(const Error& error) const {
  const bool fast = settings_.collector.request_interval_ns < kQuotaIntervalNs;
  return {split(error).cause + ", though this check has asked for no more than " +
              (phase_ == Phase::kToken ? "a token" : "a token and a page") +
              ": another process uses up the quota, which all API clients of a workspace share",
          "find what else calls Aikido for this workspace (another host, a script) and stop it or "
          "slow it down" +
              std::string(fast ? ", and set requests_per_second to what Aikido allows it" : "") +
              ", then check again in " + std::to_string(error.wait.ns / kNsPerSecond) + " s"};
}

void Check::ask_token(CheckSteps& steps, int64_t deadline_ns) {
  const Result<void> taken = api_.fetch_token(deadline_ns);
  const Exchange& exchange = api_.last_exchange();
  if (!exchange.has_authorities) return fail(steps, "ca_bundle", taken.error());
  const bool sent = taken || exchange.resolved || taken.error().status == Status::kTransient;
  if (!sent) return fail(steps, "token", taken.error());
  if (!show_way(steps, taken)) return;
  if (!taken) return fail(steps, "token", taken.error());
  steps.passed("token", "Aikido accepts client_id " + shown_client_id(settings_.client_id) +
                            " and its secret");
  phase_ = Phase::kActivityLog;
}

// How far the request came. Behind a proxy it is the proxy that looks up the name and connects.
bool Check::show_way(CheckSteps& steps, const Result<void>& taken) {
  const Exchange& exchange = api_.last_exchange();
  struct Reached {
    const char* step;
    bool ok;
    std::string detail;
  };
  const bool plain = settings_.host_root.starts_with("http:");
  const std::string reached_by_proxy = settings_.host_root + ", by the proxy";
  const Reached way[] = {{"name_resolution", exchange.resolved || exchange.by_proxy,
                          exchange.by_proxy ? "left to the proxy" : settings_.host_root},
                         {"connection", exchange.connected,
                          exchange.by_proxy ? reached_by_proxy : settings_.host_root},
                         {"tls", exchange.secured || (plain && exchange.connected),
                          plain ? "plain http to this machine" : settings_.host_root}};
  for (const Reached& reached : way) {
    if (!reached.ok) {
      fail(steps, reached.step, taken.error());
      return false;
    }
    steps.passed(reached.step, reached.detail);
  }
  return true;
}

void Check::ask_activity_log(CheckSteps& steps, int64_t deadline_ns) {
  const Result<Page> page = fetch(deadline_ns, FilterUse::kNone);
  if (!page) {
    const bool forbidden = page.error().status == Status::kAuth;
    return fail(steps, forbidden ? "permission" : "activity_log", page.error());
  }
  has_records_ = !page->records.empty();
  steps.passed("permission", "the token may read the activity log");
  steps.passed("activity_log", seen(*page));
  phase_ = settings_.filters.any() ? Phase::kFilters : Phase::kDone;
}

void Check::ask_filters(CheckSteps& steps, int64_t deadline_ns) {
  const Result<Page> page = fetch(deadline_ns, FilterUse::kAsSet);
  if (!page) return fail(steps, "filters", page.error());
  if (page->records.empty() && has_records_)
    steps.failed("filters",
                 {"the filters match no record of the last 30 days, though there are some",
                  "widen repository_id, cloud_id, user_type, actions or search, unless you expect "
                  "none"});
  else
    steps.passed("filters", "with the filters: " + seen(*page));
  phase_ = Phase::kDone;
}

Result<Page> Check::fetch(int64_t deadline_ns, FilterUse filters) {
  if (const auto date_s = api_.last_exchange().date_s) server_time_.learn(*date_s, INT64_MIN);
  const int64_t now_s = server_time_.now_ns() / kNsPerSecond;
  PageRequest request;
  request.start_s = now_s - kDaysBack * kSecondsPerDay;
  request.end_s = now_s + 1;
  return api_.fetch_page(request, deadline_ns, filters);
}

}  // namespace aikido
