#include "plugins/aikido_activity_log/answer_errors.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include "plugins/aikido_activity_log/client_id.hpp"
#include "plugins/aikido_activity_log/filter_parameters.hpp"
#include "plugins/aikido_activity_log/no_answer_errors.hpp"

namespace aikido {
namespace {

constexpr int64_t kQuotaWindowS = 60;  // Aikido counts calls over a rolling minute
// What comes along when text is copied from a page or a shell, in UTF-8: of the spaces also those
// that do not break, that are narrow, or that nobody sees.
constexpr std::string_view kSpaces[] = {" ",      "\t",     "\r",     "\n",     "\v",    "\f",
                                        "\u00a0", "\u2009", "\u200b", "\u202f", "\ufeff"};
constexpr std::pair<std::string_view, std::string_view> kQuotes[] = {
    {"\"", "\""}, {"'", "'"}, {"`", "`"}, {"\u201c", "\u201d"}, {"\u2018", "\u2019"}};

// The vendor's own words are quoted, so that whoever compares troubles can leave them out.
std::string said(const FailedAnswer& answer) {
  return std::to_string(answer.status) + (answer.words.empty() ? "" : ": \"" + answer.words + '"');
}

Error try_again(const FailedAnswer& answer, const std::string& place) {
  Error error{Status::kTransient, place + " answered " + said(answer) +
                                      "; if it stays, see whether Aikido has an outage"};
  if (answer.retry_after_s)
    error.wait = {*answer.retry_after_s * kNsPerSecond, CONNECTOR_WAIT_BACKOFF};
  return error;
}

Error slower(const FailedAnswer& answer, const std::string& place, const Settings& settings) {
  const int64_t seconds = std::max<int64_t>(answer.retry_after_s.value_or(kQuotaWindowS), 1);
  const bool fast = settings.collector.request_interval_ns < kQuotaIntervalNs;
  return {Status::kRateLimited,
          place + " answered " + said(answer) + " and wants a pause of " + std::to_string(seconds) +
              " s; if it stays, " +
              (fast ? "lower requests_per_second, which is above the 20 calls a minute that Aikido "
                      "allows a workspace unless it gave more, and "
                    : "") +
              "see what else uses the workspace's quota",
          {seconds * kNsPerSecond, CONNECTOR_WAIT_RATE_LIMIT}};
}

Error unexpected(const FailedAnswer& answer, const std::string& place, const Settings& settings) {
  const bool redirect = answer.status >= 300 && answer.status < 400;
  return {Status::kProtocol, place + " answered " + said(answer) +
                                 (redirect ? ", a redirect, which is not followed" : "") +
                                 "; check that " + settings.host_setting.substr(1) +
                                 " names Aikido itself"};
}

Error wrong_address(const FailedAnswer& answer, const std::string& place,
                    const Settings& settings) {
  return {Status::kConfig, settings.host_setting + ": " + place + " answered " + said(answer) +
                               "; name Aikido's own host, such as https://app.aikido.dev"};
}

// The settings that a refused request most likely comes from, where Aikido's own words name none.
std::vector<std::string> suspects(const Settings& settings) {
  std::vector<std::string> set = settings_of(settings.filters);
  if (set.empty()) set.push_back(settings.host_setting.substr(1));
  return set;
}

// "a", "a or b", "a, b or c".
std::string any_of(const std::vector<std::string>& names) {
  std::string text;
  for (size_t i = 0; i < names.size(); ++i)
    text += (i == 0 ? "" : i + 1 == names.size() ? " or " : ", ") + names[i];
  return text;
}

// What both endpoints answer alike.
Error common_error(const FailedAnswer& answer, const std::string& place, const Settings& settings) {
  if (answer.status == 404) return wrong_address(answer, place, settings);
  if (answer.status == 429) return slower(answer, place, settings);
  if (answer.status == 408 || answer.status >= 500) return try_again(answer, place);
  return unexpected(answer, place, settings);
}

// What follows "the secret"; empty where nothing is wrong to be seen.
std::string flaw_of(SecretShape secret) {
  switch (secret) {
    case SecretShape::kSpaceAtStart:
      return "begins with white space";
    case SecretShape::kSpaceAtEnd:
      return "ends with white space";
    case SecretShape::kSpaceAtBothEnds:
      return "begins and ends with white space";
    case SecretShape::kSpaceInside:
      return "has white space in it";
    case SecretShape::kQuoted:
      return "stands in quotation marks";
    default:
      return "";
  }
}

std::string advice(SecretShape secret, const std::string& client_id) {
  constexpr const char* kLikely = ", which is the likely cause";
  if (client_id == kExampleClientId)
    return std::string("client_id is still that of the example") + kLikely +
           "; give your own, and ";
  const std::string flaw = flaw_of(secret);
  if (flaw.empty()) return "";
  return "the secret " + flaw + kLikely + "; remove " +
         (secret == SecretShape::kQuoted ? "the quotation marks" : "that white space") +
         " from it, and ";
}

Error with_status(Error error, int status) {
  error.http_status = status;
  return error;
}

// `named` are the settings that Aikido's words name.
Error refused_request(SweepKind kind, const FailedAnswer& answer,
                      const std::vector<std::string>& named, const std::string& place,
                      const Settings& settings) {
  const std::string what = ": " + place + " refused the request (" + said(answer) + "); correct ";
  const std::vector<std::string> causes = named.empty() ? suspects(settings) : named;
  if (kind != SweepKind::kBackfill || !named.empty())
    return {Status::kConfig, '/' + causes.front() + what + any_of(causes)};
  return {Status::kConfig,
          "/backfill_start_time" + what +
              "backfill_start_time if Aikido gives nothing that old (`state reset NAME` begins "
              "anew), or " +
              any_of(causes)};
}

Error page_status_error(SweepKind kind, const FailedAnswer& answer, const std::string& place,
                        const Settings& settings) {
  const std::vector<std::string> named = settings_named(answer.words, settings.filters);
  switch (answer.status) {
    case 404:
      if (named.empty()) return wrong_address(answer, place, settings);
      [[fallthrough]];
    case 400:
    case 422:
      return refused_request(kind, answer, named, place, settings);
    case 401:
      return {Status::kAuth, place + " refused a new token (" + said(answer) +
                                 "); check in Aikido whether the API client of client_id " +
                                 shown_client_id(settings.client_id) + " still exists"};
    case 403:
      return {Status::kAuth, place + " is not allowed (" + said(answer) +
                                 "); give the API client the scope reports:read, and check that "
                                 "the workspace's plan includes the API"};
    default:
      return common_error(answer, place, settings);
  }
}

Error refused_client(const FailedAnswer& answer, SecretShape secret, const std::string& place,
                     const Settings& settings) {
  if (answer.words.find("three-legged") != std::string::npos)
    return {Status::kAuth, place + " refused client_id " + shown_client_id(settings.client_id) +
                               " (" + said(answer) +
                               "); an app that was made as \"Public\" is for people who sign in: "
                               "make one for client credentials in Aikido, and give its id and "
                               "secret"};
  return {Status::kAuth,
          place + " refused client_id " + shown_client_id(settings.client_id) +
              " with its client_secret (" + said(answer) + "); " +
              advice(secret, settings.client_id) +
              "check that both belong together, to the region, and were neither rotated nor "
              "revoked or expired"};
}

Error token_status_error(const FailedAnswer& answer, bool refused, SecretShape secret,
                         const Settings& settings, const std::string& place) {
  if (answer.status == 401 || answer.status == 403 || refused)
    return refused_client(answer, secret, place, settings);
  if (answer.status == 400 || answer.status == 422)
    return {Status::kConfig, "/client_id: " + place + " refused the request (" + said(answer) +
                                 "); copy client_id anew from Aikido, and check that " +
                                 settings.host_setting.substr(1) + " names Aikido itself"};
  return common_error(answer, place, settings);
}

}  // namespace

SecretShape shape_of(std::string_view secret) {
  const auto any = [](const auto& these, auto&& is) {
    return std::any_of(std::begin(these), std::end(these), is);
  };
  const bool at_start = any(kSpaces, [&](auto space) { return secret.starts_with(space); });
  const bool at_end = any(kSpaces, [&](auto space) { return secret.ends_with(space); });
  if (at_start) return at_end ? SecretShape::kSpaceAtBothEnds : SecretShape::kSpaceAtStart;
  if (at_end) return SecretShape::kSpaceAtEnd;
  if (any(kSpaces, [&](auto space) { return secret.find(space) != std::string_view::npos; }))
    return SecretShape::kSpaceInside;
  const bool quoted = any(kQuotes, [&](const auto& pair) {
    return secret.starts_with(pair.first) && secret.ends_with(pair.second);
  });
  return quoted ? SecretShape::kQuoted : SecretShape::kPlain;
}

std::string without_setting(const std::string& text) {
  const size_t at = text.starts_with('/') ? text.find(": ") : std::string::npos;
  return at == std::string::npos ? text : text.substr(at + 2);
}

Error page_error(SweepKind kind, const FailedAnswer& answer, const Settings& settings) {
  const std::string place = "Aikido's activity log at " + settings.host_root;
  if (answer.failure != NoAnswer::kNone) return no_answer_error(answer, place, settings);
  return with_status(page_status_error(kind, answer, place, settings), answer.status);
}

Error token_error(const FailedAnswer& answer, bool refused, SecretShape secret,
                  const Settings& settings) {
  const std::string place = "Aikido's token endpoint at " + settings.host_root;
  if (answer.failure != NoAnswer::kNone) return no_answer_error(answer, place, settings);
  return with_status(token_status_error(answer, refused, secret, settings, place), answer.status);
}

}  // namespace aikido
