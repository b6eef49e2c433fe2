#include "host_sim/status/answers.hpp"

#include <utility>

#include "host_sim/status/address.hpp"
#include "host_sim/status/metrics_text.hpp"
#include "host_sim/status/page.hpp"
#include "host_sim/status/pipelines_json.hpp"
#include "host_sim/status/state_of_health.hpp"

namespace host::status {
namespace {

namespace http = boost::beast::http;

constexpr std::string_view kText = "text/plain; charset=utf-8";

constexpr std::string_view kMetrics = "text/plain; version=0.0.4; charset=utf-8";

Answer refusal(http::status status, std::string why) {
  return answer(status, kText, std::move(why) + "\n");
}

std::string_view path_of(const Request& request) {
  const std::string_view target(request.target().data(), request.target().size());
  return target.substr(0, target.find('?'));
}

}  // namespace

Answer answer(http::status status, std::string_view type, std::string body) {
  Answer answer(status, 11);
  answer.set(http::field::content_type, {type.data(), type.size()});
  answer.set(http::field::cache_control, "no-store");
  answer.set("X-Content-Type-Options", "nosniff");
  answer.set("Referrer-Policy", "no-referrer");
  answer.set("Cross-Origin-Resource-Policy", "same-origin");
  answer.set("Content-Security-Policy",
             "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
             "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  answer.body() = std::move(body);
  return answer;
}

Answers::Answers(Source source, std::vector<std::string> names, const History& history,
                 Clock& clock)
    : source_(std::move(source)), names_(std::move(names)), history_(history), clock_(clock) {}

Answer Answers::to(const Request& request) const {
  const auto hosts = request.equal_range(http::field::host);
  if (std::distance(hosts.first, hosts.second) != 1)
    return refusal(http::status::bad_request, "a request has one Host");
  const auto host = hosts.first->value();
  if (!is_own_host({host.data(), host.size()}, names_))
    return refusal(http::status::forbidden,
                   "this Host is none of ours: ask by IP address or as localhost, or start with "
                   "--status-host NAME");
  if (request.method() != http::verb::get && request.method() != http::verb::head) {
    Answer answer = refusal(http::status::method_not_allowed, "GET and HEAD alone");
    answer.set(http::field::allow, "GET, HEAD");
    return answer;
  }
  return at(path_of(request));
}

Answer Answers::at(std::string_view path) const {
  const auto found = [](std::string_view type, std::string_view text) {
    return answer(http::status::ok, type, std::string(text));
  };
  if (path == "/") return found("text/html; charset=utf-8", kPageHtml);
  if (path == "/page.css") return found("text/css; charset=utf-8", kPageCss);
  if (path == "/page.js") return found("text/javascript; charset=utf-8", kPageJs);
  if (path == "/healthz") return health();
  if (path == "/metrics") return found(kMetrics, metrics_text(source_.snapshot()));
  if (path == "/api/pipelines")
    return found("application/json",
                 pipelines_json(clock_.wall_ns(), source_.snapshot().pipelines, history_));
  return refusal(http::status::not_found, "there are /, /healthz, /metrics and /api/pipelines");
}

Answer Answers::health() const {
  StateOfHealth health = state_of_health(source_.statuses());
  return answer(health.well ? http::status::ok : http::status::service_unavailable, kText,
                std::move(health.text));
}

}  // namespace host::status
