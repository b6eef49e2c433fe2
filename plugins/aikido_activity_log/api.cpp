#include "plugins/aikido_activity_log/api.hpp"

#include <algorithm>

#include "plugins/aikido_activity_log/activity_page.hpp"
#include "plugins/aikido_activity_log/answer_errors.hpp"
#include "plugins/aikido_activity_log/curl_texts.hpp"
#include "plugins/aikido_activity_log/filter_parameters.hpp"
#include "plugins/aikido_activity_log/http_date.hpp"
#include "plugins/aikido_activity_log/token.hpp"
#include "plugins/aikido_activity_log/vendor_words.hpp"

namespace aikido {
namespace {

constexpr const char* kTokenPath = "/api/oauth/token";
constexpr const char* kPagePath = "/api/public/v1/report/activityLog";
constexpr const char* kSecretName = "client_secret";
constexpr int64_t kBackstopMs = 5000;
constexpr size_t kMostDetail = 200;

std::string filter_query(const Filters& filters) {
  std::string query;
  for (const FilterParameter& filter : filter_parameters(filters))
    if (!filter.value.empty())
      query.append("&").append(filter.parameter).append("=").append(url_escaped(filter.value));
  return query;
}

std::optional<bool> parse_has_next(const std::string& text) {
  if (text == "true" || text == "True" || text == "1") return true;
  if (text == "false" || text == "False" || text == "0") return false;
  return std::nullopt;
}

}  // namespace

struct Api::Impl {
  Impl(connector::Host its_host, const Settings& its_settings, Transport& its_transport)
      : host(its_host), settings(its_settings), transport(its_transport) {}

  HttpRequest begin(std::string path, int64_t deadline_ns) const;
  HttpAnswer send(HttpRequest& request);
  FailedAnswer failed(HttpAnswer& answer, int64_t deadline_ns, const Redactor& redactor) const;
  void hold_pace(const Error& error) const;
  Result<void> ask_for_token(const connector::Secret& secret, int64_t deadline_ns);
  Error refused_page(SweepKind kind, HttpAnswer& answer, int64_t deadline_ns,
                     FilterUse filters) const;
  Result<Page> read_page(HttpAnswer& answer);
  void hide_credentials(Redactor& redactor) const;

  connector::Host host;
  Settings settings;
  Transport& transport;
  Token token;
  ActivityPageParser parser;
  Exchange exchange;
};

HttpRequest Api::Impl::begin(std::string path, int64_t deadline_ns) const {
  HttpRequest request;
  request.url = settings.host_root + std::move(path);
  request.deadline_ns = std::min(deadline_ns, host.monotonic_clock() + settings.request_timeout_ns);
  request.backstop_ms = settings.request_timeout_ns / 1'000'000 + kBackstopMs;
  return request;
}

HttpAnswer Api::Impl::send(HttpRequest& request) {
  HttpAnswer answer = transport.perform(request);
  wipe(request.authorization);
  exchange = {answer.resolved,
              answer.connected,
              answer.secured,
              answer.status,
              answer.failure == NoAnswer::kNone ? parse_http_date(answer.date) : std::nullopt,
              answer.body.size(),
              answer.failure != NoAnswer::kNoAuthorities,
              answer.by_proxy};
  return answer;
}

FailedAnswer Api::Impl::failed(HttpAnswer& answer, int64_t deadline_ns,
                               const Redactor& redactor) const {
  const int64_t now_ns = host.monotonic_clock();
  FailedAnswer failed;
  failed.failure = answer.failure;
  failed.detail = clean(redactor.apply(answer.detail), kMostDetail);
  failed.deadline_is_host = now_ns >= deadline_ns;
  failed.connected = answer.connected;
  failed.by_proxy = answer.by_proxy;
  failed.proxy_status = answer.proxy_status;
  failed.host = {std::string(host.property("proxy_setting")),
                 std::string(host.property("ca_bundle_setting"))};
  failed.status = answer.status;
  failed.words = vendor_words(answer.body, redactor);
  const int64_t server_now_s =
      parse_http_date(answer.date).value_or(host.wall_clock() / kNsPerSecond);
  failed.retry_after_s = parse_retry_after(answer.retry_after, server_now_s);
  return failed;
}

// A wait that Aikido asked for holds back every pipeline on this client id.
void Api::Impl::hold_pace(const Error& error) const {
  if (error.wait.ns > 0) host.pace_hold(settings.pace_key(), error.wait.ns);
}

Result<void> Api::Impl::ask_for_token(const connector::Secret& secret, int64_t deadline_ns) {
  HttpRequest request = begin(kTokenPath, deadline_ns);
  request.form = "grant_type=client_credentials";
  std::string pair = settings.client_id + ':';
  pair += secret.value();
  std::string encoded = base64(pair);
  request.authorization = "Basic " + encoded;
  wipe(encoded);
  const int64_t asked_ns = host.monotonic_clock();
  HttpAnswer answer = send(request);
  Redactor redactor;
  redactor.hide(secret.value());
  redactor.hide(pair);
  wipe(pair);
  if (answer.failure != NoAnswer::kNone || answer.status != 200) {
    const std::string kind = oauth_error(answer.body);
    const bool refused = kind == "invalid_client" || kind == "unauthorized_client";
    Error error = token_error(failed(answer, deadline_ns, redactor), refused,
                              shape_of(secret.value()), settings);
    hold_pace(error);
    return error;
  }
  Result<TokenAnswer> parsed = parse_token_answer(answer.body);
  wipe(answer.body);
  if (!parsed) return std::move(parsed).error();
  token.take(*std::move(parsed), asked_ns);
  return {};
}

void Api::Impl::hide_credentials(Redactor& redactor) const {
  redactor.hide(token.text());
  if (const Result<connector::Secret> secret = host.secret(kSecretName); secret) {
    redactor.hide(secret->value());
    redactor.hide(settings.client_id + ':' + std::string(secret->value()));
  }
}

// Filters that were not sent are not to blame.
Error Api::Impl::refused_page(SweepKind kind, HttpAnswer& answer, int64_t deadline_ns,
                              FilterUse filters) const {
  Redactor redactor;
  hide_credentials(redactor);
  Settings asked = settings;
  if (filters == FilterUse::kNone) asked.filters = {};
  Error error = page_error(kind, failed(answer, deadline_ns, redactor), asked);
  hold_pace(error);
  return error;
}

// An object in an array's place is an error in disguise, and says so in its own words.
Result<Page> Api::Impl::read_page(HttpAnswer& answer) {
  const size_t first = answer.body.find_first_not_of(" \t\r\n");
  if (first != std::string::npos && answer.body[first] == '{') {
    Redactor redactor;
    hide_credentials(redactor);
    const std::string words = vendor_words(answer.body, redactor);
    return Error{Status::kProtocol,
                 "Aikido's activity log at " + settings.host_root +
                     " answered with an object instead of a list of records" +
                     (words.empty() ? "" : " (\"" + words + "\")") +
                     "; check that the workspace's plan includes the API",
                 {},
                 answer.status};
  }
  Result<Page> page = parser.parse(std::move(answer.body));
  if (page)
    page->has_next = parse_has_next(answer.has_next_page);
  else
    page.error().http_status = answer.status;
  return page;
}

Api::Api(connector::Host host, const Settings& settings, Transport& transport)
    : impl_(std::make_unique<Impl>(host, settings, transport)) {}
Api::~Api() = default;

bool Api::has_token() const { return impl_->token.serves(impl_->host.monotonic_clock()); }
void Api::drop_token() { impl_->token.drop(); }
const Exchange& Api::last_exchange() const { return impl_->exchange; }

Result<void> Api::fetch_token(int64_t deadline_ns) {
  impl_->exchange = {};
  const Result<connector::Secret> secret = impl_->host.secret(kSecretName);
  if (!secret) return secret.error();
  if (secret->value().empty())
    return Error{Status::kAuth,
                 "the secret client_secret is empty; give the host the one that "
                 "belongs to client_id " +
                     impl_->settings.client_id};
  return impl_->ask_for_token(*secret, deadline_ns);
}

Result<Page> Api::fetch_page(const PageRequest& asked, int64_t deadline_ns, FilterUse filters) {
  const int64_t start_s = std::max<int64_t>(asked.start_s, 0);
  HttpRequest request = impl_->begin(
      std::string(kPagePath) + "?page=" + std::to_string(asked.page) +
          "&per_page=" + std::to_string(kRecordsPerPage) + "&start=" + std::to_string(start_s) +
          "&end=" + std::to_string(asked.end_s) +
          filter_query(filters == FilterUse::kAsSet ? impl_->settings.filters : Filters{}),
      deadline_ns);
  request.authorization = impl_->token.use();
  HttpAnswer answer = impl_->send(request);
  if (answer.failure == NoAnswer::kNone && answer.status == 200) return impl_->read_page(answer);
  return impl_->refused_page(asked.kind, answer, deadline_ns, filters);
}

void Api::rest() {
  impl_->transport.rest();
  impl_->parser.rest();
}

}  // namespace aikido
