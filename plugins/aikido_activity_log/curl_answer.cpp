#include "plugins/aikido_activity_log/curl_answer.hpp"

#include <strings.h>

#include <algorithm>

namespace aikido {
namespace {

bool named(std::string_view line, std::string_view name) {
  return line.size() > name.size() && line[name.size()] == ':' &&
         strncasecmp(line.data(), name.data(), name.size()) == 0;
}

bool is_control(char c) { return (c >= 0 && c < ' ') || c == 0x7F; }

// Empty where it holds what no header may.
std::string value(std::string_view line) {
  line.remove_prefix(line.find(':') + 1);
  const size_t first = line.find_first_not_of(" \t");
  const size_t last = line.find_last_not_of(" \t\r\n");
  if (first == std::string_view::npos || last < first) return {};
  line = line.substr(first, last - first + 1);
  return std::none_of(line.begin(), line.end(), is_control) ? std::string(line) : std::string();
}

NoAnswer failure_of(CURLcode code) {
  switch (code) {
    case CURLE_OK:
      return NoAnswer::kNone;
    case CURLE_OPERATION_TIMEDOUT:
      return NoAnswer::kDeadline;
    case CURLE_COULDNT_RESOLVE_HOST:
      return NoAnswer::kResolve;
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_PROXY:
      return NoAnswer::kConnect;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_INVALIDCERTSTATUS:
      return NoAnswer::kTls;
    default:
      return NoAnswer::kBroken;
  }
}

}  // namespace

void CurlAnswer::attach(CURL* easy) {
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_request);
  curl_easy_setopt(easy, CURLOPT_PREREQDATA, this);
}

HttpAnswer CurlAnswer::finish(CURL* easy, CURLcode code, std::string_view said) {
  answer_.failure = too_large_ ? NoAnswer::kTooLarge : failure_of(code);
  note_phases(easy);
  const bool is_up_to_proxy = answer_.by_proxy && !answer_.connected;
  if (is_up_to_proxy && answer_.failure == NoAnswer::kBroken) answer_.failure = NoAnswer::kConnect;
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  if (answer_.failure == NoAnswer::kNone && (status < 100 || status > 999)) {
    answer_.failure = NoAnswer::kBroken;  // libcurl is satisfied with "HTTP/21.0 100y"
    said = "the answer has no HTTP status";
  }
  if (answer_.failure == NoAnswer::kNone) {
    answer_.status = static_cast<int>(status);
    return std::move(answer_);
  }
  if (requests_ > 1) said = "the kept connection was closed under way";
  answer_.detail = too_large_ ? too_large_ : said.empty() ? curl_easy_strerror(code) : said;
  return std::move(answer_);
}

HttpAnswer CurlAnswer::give_up(CURL* easy, NoAnswer why) {
  answer_.failure = why;
  note_phases(easy);
  return std::move(answer_);
}

// A phase that was not reached took no time.
void CurlAnswer::note_phases(CURL* easy) {
  const auto reached = [&](CURLINFO phase) {
    curl_off_t microseconds = 0;
    return curl_easy_getinfo(easy, phase, &microseconds) == CURLE_OK && microseconds > 0;
  };
  const bool answering = header_bytes_ > 0;  // on a kept connection no phase takes time
  answer_.secured = answering || reached(CURLINFO_APPCONNECT_TIME_T);
  long port = 0;  // ours: known once there is a connection, while CONNECT_TIME waits for TLS
  curl_easy_getinfo(easy, CURLINFO_LOCAL_PORT, &port);
  const bool connected = port > 0 || reached(CURLINFO_CONNECT_TIME_T);
  long said = 0;
  curl_easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &said);
  const bool tunnel = has_tunnel(static_cast<int>(said));
  if (!tunnel) answer_.proxy_status = static_cast<int>(said);
  answer_.connected = answer_.secured || (answer_.by_proxy ? tunnel : connected);
  answer_.resolved = answer_.connected || connected || reached(CURLINFO_NAMELOOKUP_TIME_T);
}

// An HTTP proxy says so; behind another kind TLS shows it, even where it fails.
bool CurlAnswer::has_tunnel(int said) const {
  return said / 100 == 2 || answer_.failure == NoAnswer::kTls;
}

// libcurl sends a request once more when a kept connection breaks; that would exceed the pace.
int CurlAnswer::on_request(void* self, char*, char*, int, int) {
  return static_cast<CurlAnswer*>(self)->requests_++ == 0 ? CURL_PREREQFUNC_OK
                                                          : CURL_PREREQFUNC_ABORT;
}

size_t CurlAnswer::on_header(char* data, size_t size, size_t count, void* self) {
  return static_cast<CurlAnswer*>(self)->take_header({data, size * count}) ? size * count : 0;
}

size_t CurlAnswer::on_body(char* data, size_t size, size_t count, void* self) {
  return static_cast<CurlAnswer*>(self)->take_body({data, size * count}) ? size * count : 0;
}

bool CurlAnswer::take_header(std::string_view line) {
  header_bytes_ += line.size();
  if (header_bytes_ > kLargestHeaders || ++header_lines_ > kMostHeaderLines) {
    too_large_ = "its headers have no end (over 256 KiB or 500 lines)";
    return false;
  }
  if (line.starts_with("HTTP/")) {  // an interim answer may have come before
    answer_.date.clear();
    answer_.retry_after.clear();
    answer_.has_next_page.clear();
  }
  if (named(line, "date")) answer_.date = value(line);
  if (named(line, "retry-after")) answer_.retry_after = value(line);
  if (named(line, "x-has-next-page")) answer_.has_next_page = value(line);
  return true;
}

bool CurlAnswer::take_body(std::string_view part) {
  if (answer_.body.size() + part.size() > kLargestBody) {
    too_large_ = "its body is larger than 64 MiB";
    return false;
  }
  // More follows a piece of the largest size: with an ordinary page half as much, and then what is
  // there need not be moved.
  if (answer_.body.empty() && part.size() == CURL_MAX_WRITE_SIZE)
    answer_.body.reserve(part.size() * 3 / 2);
  answer_.body.append(part);
  return true;
}

}  // namespace aikido
