#include "tests/fake_aikido/service.hpp"

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <variant>

#include "tests/fake_aikido/gzip.hpp"
#include "tests/fake_aikido/json_layout.hpp"
#include "tests/fake_aikido/page_query.hpp"
#include "tests/fake_aikido/token_endpoint.hpp"

namespace fake_aikido {
namespace {

// What no endpoint accepts.
std::optional<Answer> refuse_message(const HttpRequest& request) {
  if (request.version != 11) return refusal(505, "HTTP Version Not Supported");
  if (request.header("Host").empty()) return refusal(400, "A Host header is required");
  return std::nullopt;
}

std::optional<Answer> refuse_get(const HttpRequest& request) {
  if (request.method != "GET") {
    Answer answer = refusal(405, "Method Not Allowed");
    answer.headers.emplace_back("Allow", "GET");
    return answer;
  }
  if (!request.body.empty()) return refusal(400, "A GET request has no body");
  return std::nullopt;
}

std::string array_of(const std::vector<std::string_view>& texts) {
  size_t size = 2;
  for (const std::string_view text : texts) size += text.size() + 1;
  std::string body;
  body.reserve(size);
  body += '[';
  for (const std::string_view text : texts) {
    if (body.size() > 1) body += ',';
    body += text;
  }
  return body += ']';
}

// Turns the page asked for into the one before it.
void step_back(Asked& asked) {
  for (auto& [name, value] : asked.parameters) {
    const int page = name == "page" ? std::atoi(value.c_str()) : 0;
    if (page > 0) value = std::to_string(page - 1);
  }
}

bool accepts_gzip(const HttpRequest& request) {
  return request.header("Accept-Encoding").find("gzip") != std::string::npos;
}

}  // namespace

Service::Service(std::shared_ptr<Organisation> organisation, Switches switches, Clock& clock,
                 bool with_control)
    : organisation_(std::move(organisation)),
      clock_(clock),
      with_control_(with_control),
      switches_(switches) {}

Answer Service::answer(const HttpRequest& request) {
  const Switches now_valid = switches();
  Asked asked = read_target(request.target);
  asked.time_ns = now_ns();
  asked.client = client_of(request, asked, asked.time_ns);
  if (with_control_ && asked.path.starts_with("/_control/")) return control(request, asked);
  {
    const std::lock_guard lock(mutex_);
    asked.number = ++asked_;
  }
  const std::optional<Mishap> mishap = faults_.take(asked);
  Asked meant = asked;
  if (mishap && mishap->repeats_page) step_back(meant);
  Proper found = proper(request, meant, now_valid);
  Answer& answer = found.answer;
  if (now_valid.pretty && answer.status == 200) answer.body = pretty(answer.body);
  if (mishap) mishap->spoil(answer);
  if (now_valid.close_connections && answer.delivery.end == Delivery::End::kKeep) {
    answer.headers.emplace_back("Connection", "close");
    answer.delivery.end = Delivery::End::kClose;
  }
  log_.add({std::move(asked), answer.delivery.bytes == 0 ? 0 : answer.status, found.records,
            mishap.has_value()});
  if (now_valid.gzip && !answer.is_gzip && accepts_gzip(request)) {
    answer.body = gzip(answer.body);
    answer.is_gzip = true;
  }
  return std::move(found.answer);
}

int64_t Service::now_ns() const { return clock_.now_ns() + switches().clock_offset_s * kSecond; }

Switches Service::switches() const {
  const std::lock_guard lock(mutex_);
  return switches_;
}

void Service::change(const std::function<void(Switches&)>& how) {
  const std::lock_guard lock(mutex_);
  how(switches_);
}

Service::Proper Service::proper(const HttpRequest& request, const Asked& asked,
                                const Switches& switches) {
  if (std::optional<Answer> refused = refuse_message(request)) return {*std::move(refused)};
  switch (asked.kind) {
    case Kind::kToken:
      return {answer_token(request, credentials_, quota_, switches, asked.time_ns)};
    case Kind::kPage:
      return page(request, asked, switches);
    case Kind::kOther:
      break;
  }
  return {refusal(404, "Not Found")};
}

Service::Proper Service::page(const HttpRequest& request, const Asked& asked,
                              const Switches& switches) {
  if (std::optional<Answer> refused = refuse_get(request)) return {*std::move(refused)};
  const std::optional<std::string> token = read_bearer(request.header("Authorization"));
  const std::optional<Client> client =
      token ? credentials_.bearer(*token, asked.time_ns) : std::nullopt;
  if (!client)
    return {oauth_error(401, "invalid_token", "The access token is invalid or has expired")};
  const int64_t wait_ns = quota_.take(client->workspace, switches.quota, asked.time_ns);
  if (wait_ns > 0) return {over_quota(switches.quota, wait_ns)};
  if (!client->may_read_reports)
    return {
        oauth_error(403, "You are missing the required scope for this request: 'reports:read'")};
  const auto query = read_page_query(asked.parameters, switches.default_per_page);
  if (const auto* mistake = std::get_if<std::string>(&query)) return {refusal(400, *mistake)};

  Organisation& organisation = client->organisation ? *client->organisation : *organisation_;
  const Listed listed = organisation.list(std::get<PageQuery>(query), switches, asked.time_ns);
  Proper proper;
  proper.records = listed.texts.size();
  proper.answer.body = array_of(listed.texts);
  if (switches.next_page_header)
    proper.answer.headers.emplace_back("X-Has-Next-Page", listed.has_next ? "true" : "false");
  return proper;
}

// What a test asks of a stand-in in another process.
Answer Service::control(const HttpRequest& request, const Asked& asked) {
  if (std::optional<Answer> refused = refuse_get(request)) return *refused;
  if (asked.path != "/_control/counts") return refusal(404, "Not Found");
  Answer answer;
  answer.body = nlohmann::json{{"records", organisation_->visible(asked.time_ns)},
                               {"late", organisation_->late(asked.time_ns)},
                               {"requests", log_.count()},
                               {"token_requests", log_.count(Kind::kToken)},
                               {"page_requests", log_.count(Kind::kPage)},
                               {"most_in_rolling_minute", log_.most_in_rolling_minute()}}
                    .dump();
  return answer;
}

std::string Service::client_of(const HttpRequest& request, const Asked& asked,
                               int64_t now_ns) const {
  const std::string authorization = request.header("Authorization");
  if (asked.kind == Kind::kToken) {
    const auto basic = read_basic(authorization);
    return basic ? basic->first : std::string();
  }
  const std::optional<std::string> token = read_bearer(authorization);
  const std::optional<Client> client = token ? credentials_.bearer(*token, now_ns) : std::nullopt;
  return client ? client->id : std::string();
}

}  // namespace fake_aikido
