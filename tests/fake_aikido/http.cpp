#include "tests/fake_aikido/http.hpp"

#include <strings.h>

#include <boost/beast/http/status.hpp>
#include <ctime>
#include <nlohmann/json.hpp>

namespace fake_aikido {
namespace {

// A request's own bytes may be quoted in it, and they need not be UTF-8.
std::string dumped(const nlohmann::json& body) {
  return body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

std::string HttpRequest::header(const std::string& name) const {
  for (const auto& [key, value] : headers)
    if (strcasecmp(key.c_str(), name.c_str()) == 0) return value;
  return {};
}

std::string http_date(int64_t time_s) {
  const std::time_t time = time_s;
  std::tm parts{};
  gmtime_r(&time, &parts);
  char text[64];
  const size_t size = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return std::string(text, size);
}

std::string head_of(const Answer& answer, std::optional<int64_t> now_s) {
  namespace http = boost::beast::http;
  const std::string reason(http::obsolete_reason(http::int_to_status(answer.status)));
  std::string head = "HTTP/1.1 " + std::to_string(answer.status) + ' ' + reason + "\r\n";
  const auto line = [&head](const std::string& name, const std::string& value) {
    head += name + ": " + value + "\r\n";
  };
  if (now_s) line("Date", http_date(*now_s));
  line("Content-Type", answer.content_type);
  line("Content-Length", std::to_string(answer.body.size()));
  if (answer.is_gzip) line("Content-Encoding", "gzip");
  for (const auto& [name, value] : answer.headers) line(name, value);
  return head + "\r\n";
}

Answer refusal(unsigned status, const std::string& reason) {
  Answer answer;
  answer.status = status;
  answer.body = dumped({{"status_code", status}, {"reason_phrase", reason}});
  return answer;
}

Answer oauth_error(unsigned status, const std::string& error, const std::string& description) {
  nlohmann::json body{{"error", error}};
  if (!description.empty()) body["error_description"] = description;
  Answer answer;
  answer.status = status;
  answer.body = dumped(body);
  return answer;
}

}  // namespace fake_aikido
