#include "tests/fake_aikido/token_endpoint.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "tests/fake_aikido/asked.hpp"
#include "tests/fake_aikido/clock.hpp"

namespace fake_aikido {
namespace {

Answer wrong_credentials(const Switches& switches, const std::string& why) {
  return oauth_error(switches.refuse_credentials_with_400 ? 400 : 401, "invalid_client", why);
}

// The grant that the body asks for, of either content type.
std::optional<std::string> grant_type(const HttpRequest& request, const std::string& type) {
  if (type == "application/x-www-form-urlencoded") {
    const Parameters form = read_target("?" + request.body).parameters;
    if (form.size() != 1 || form[0].first != "grant_type") return std::nullopt;
    return form[0].second;
  }
  const nlohmann::json body = nlohmann::json::parse(request.body, nullptr, false);
  if (!body.is_object() || body.size() != 1 || !body.contains("grant_type") ||
      !body["grant_type"].is_string())
    return std::nullopt;
  return body["grant_type"].get<std::string>();
}

std::optional<Answer> refuse_form(const HttpRequest& request) {
  if (request.method != "POST") {
    Answer answer = refusal(405, "Method Not Allowed");
    answer.headers.emplace_back("Allow", "POST");
    return answer;
  }
  if (request.target.find('?') != std::string::npos)
    return oauth_error(400, "invalid_request", "The token endpoint takes no query parameters");
  const std::string header = request.header("Content-Type");
  const std::string type = header.substr(0, header.find(';'));
  if (type != "application/x-www-form-urlencoded" && type != "application/json")
    return refusal(415, "Unsupported Media Type");
  const std::optional<std::string> grant = grant_type(request, type);
  if (!grant) return oauth_error(400, "invalid_request", "The body must hold grant_type alone");
  if (*grant != "client_credentials")
    return oauth_error(400, "unsupported_grant_type", "Only client_credentials is supported");
  return std::nullopt;
}

Answer token(const std::string& text, int64_t life_s) {
  Answer answer;
  answer.body =
      nlohmann::json{{"access_token", text}, {"expires_in", life_s}, {"token_type", "bearer"}}
          .dump();
  answer.headers.emplace_back("Cache-Control", "no-store");
  return answer;
}

}  // namespace

Answer answer_token(const HttpRequest& request, Credentials& credentials, Quota& quota,
                    const Switches& switches, int64_t now_ns) {
  if (std::optional<Answer> refused = refuse_form(request)) return *refused;
  const auto basic = read_basic(request.header("Authorization"));
  if (!basic) return wrong_credentials(switches, "Basic client credentials are required");
  const std::optional<Client> client = credentials.check(basic->first, basic->second);
  if (!client) return wrong_credentials(switches, "Client authentication failed");
  if (client->is_public)
    return wrong_credentials(switches,
                             "This app is Public and meant for the three-legged OAuth flow");
  if (switches.token_calls_count) {
    const int64_t wait_ns = quota.take(client->workspace, switches.quota, now_ns);
    if (wait_ns > 0) return over_quota(switches.quota, wait_ns);
  }
  const int64_t until_ns = now_ns + switches.token_life_s * kSecond;
  return token(credentials.issue(client->id, now_ns, until_ns), switches.token_life_s);
}

Answer over_quota(size_t calls_in_a_minute, int64_t wait_ns) {
  Answer answer = oauth_error(429, "You have reached the maximum number of calls per minute. (" +
                                       std::to_string(calls_in_a_minute) + " calls per minute)");
  answer.headers.emplace_back("Retry-After", std::to_string((wait_ns + kSecond - 1) / kSecond));
  return answer;
}

}  // namespace fake_aikido
