// The transport on libcurl's multi interface, so that cancel can wake a transfer in every phase.
#include <curl/curl.h>
#include <openssl/crypto.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <mutex>

#include "plugins/aikido_activity_log/ca_store.hpp"
#include "plugins/aikido_activity_log/curl_answer.hpp"
#include "plugins/aikido_activity_log/curl_texts.hpp"
#include "plugins/aikido_activity_log/tls_sessions.hpp"
#include "plugins/aikido_activity_log/transport.hpp"

namespace aikido {
namespace {

// How often the host's clock is looked at: the longer a request lasts, the less often, or hundreds
// that wait at once would keep a core busy with that alone.
constexpr int kFirstSliceMs = 10;
constexpr int kLongestSliceMs = 100;
constexpr long kReadAtOnce = 64 << 10;  // a page of ordinary records, in one piece
constexpr long kLongestIdleS = 5;       // a kept connection older than this is not used again

void start_libcurl() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

// Header lines of a request. They hold the credentials, so they are wiped before they are freed.
class HeaderLines {
 public:
  HeaderLines() = default;
  HeaderLines(const HeaderLines&) = delete;
  HeaderLines& operator=(const HeaderLines&) = delete;
  ~HeaderLines() {
    for (curl_slist* line = first_; line; line = line->next)
      OPENSSL_cleanse(line->data, std::strlen(line->data));
    curl_slist_free_all(first_);
  }
  void add(std::string line) {
    first_ = curl_slist_append(first_, line.c_str());
    OPENSSL_cleanse(line.data(), line.size());
  }
  curl_slist* first() const { return first_; }

 private:
  curl_slist* first_ = nullptr;
};

bool is_proxy_scheme(const std::string& scheme) {
  constexpr std::array kSchemes = {"http", "https", "socks4", "socks4a", "socks5", "socks5h"};
  return std::find(kSchemes.begin(), kSchemes.end(), scheme) != kSchemes.end();
}

// The shared authorities; and no key log, which libcurl would take from the environment.
CURLcode prepare_tls(CURL*, void* context, void* store) {
  SSL_CTX_set1_cert_store(static_cast<SSL_CTX*>(context), static_cast<X509_STORE*>(store));
  SSL_CTX_set_keylog_callback(static_cast<SSL_CTX*>(context), nullptr);
  // While a connection waits for its next request it needs no buffers.
  SSL_CTX_set_mode(static_cast<SSL_CTX*>(context), SSL_MODE_RELEASE_BUFFERS);
  return CURLE_OK;
}

class CurlTransport final : public Transport {
 public:
  explicit CurlTransport(connector::Host host) : host_(host) {}
  ~CurlTransport() override { rest(); }

  HttpAnswer perform(const HttpRequest& request) override;
  void rest() override;
  void cancel() override;

 private:
  bool open();
  void set_connection(const HttpRequest& request);
  bool goes_by_proxy(const HttpRequest& request) const;
  bool set_proxy(const HttpRequest& request);
  Result<void> set_tls(const HttpRequest& request);
  void set_request(const HttpRequest& request, HeaderLines& lines);
  HttpAnswer transfer(const HttpRequest& request, CurlAnswer& answer);

  void set(CURLoption option, const char* value) { curl_easy_setopt(easy_, option, value); }
  void set(CURLoption option, long value) { curl_easy_setopt(easy_, option, value); }
  std::string property(std::string_view name) const { return std::string(host_.property(name)); }

  connector::Host host_;
  CURL* easy_ = nullptr;
  std::array<char, CURL_ERROR_SIZE> said_{};
  std::mutex multi_mutex_;  // cancel may come while the handle is made or freed
  CURLM* multi_ = nullptr;
  std::atomic<bool> cancelled_ = false;
};

bool CurlTransport::open() {
  if (easy_) return true;
  start_libcurl();
  const std::lock_guard lock(multi_mutex_);
  multi_ = curl_multi_init();
  easy_ = multi_ ? curl_easy_init() : nullptr;
  return easy_ != nullptr;
}

void CurlTransport::rest() {
  CURLM* multi = nullptr;
  {
    const std::lock_guard lock(multi_mutex_);
    multi = std::exchange(multi_, nullptr);
  }
  if (easy_) curl_easy_cleanup(std::exchange(easy_, nullptr));
  if (multi) curl_multi_cleanup(multi);
}

void CurlTransport::cancel() {
  cancelled_ = true;
  const std::lock_guard lock(multi_mutex_);
  if (multi_) curl_multi_wakeup(multi_);
}

void CurlTransport::set_connection(const HttpRequest& request) {
  curl_easy_reset(easy_);
  said_[0] = '\0';
  curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, said_.data());
  // Always: libcurl 7.88 loses what a handle has for sessions of its own, once it is given a share.
  curl_easy_setopt(easy_, CURLOPT_SHARE, shared_tls_sessions(property("ca_bundle")));
  set(CURLOPT_NOSIGNAL, 1);
  set(CURLOPT_BUFFERSIZE, kReadAtOnce);
  set(CURLOPT_QUICK_EXIT, 1);  // a hanging name server must not hold up cancel
  const bool secure = request.url.starts_with("https:");
  set(CURLOPT_PROTOCOLS_STR, secure ? "https" : "http");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set(CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_MAXAGE_CONN, kLongestIdleS);
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(request.backstop_ms));
}

// None where the property is empty, whatever the environment says, and none for plain http: that
// goes to this machine alone, and a proxy would see the secret.
bool CurlTransport::goes_by_proxy(const HttpRequest& request) const {
  return !property("proxy").empty() && request.url.starts_with("https:");
}

// The credentials are set apart from
// the address, for libcurl's error texts quote that.
bool CurlTransport::set_proxy(const HttpRequest& request) {
  set(CURLOPT_NOPROXY, "");
  set(CURLOPT_PROXY, "");
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1);  // a proxy's Date is not the server's
  if (!goes_by_proxy(request)) return true;
  const UrlParts parts(property("proxy"), CURLU_GUESS_SCHEME);
  if (!parts.valid() || !is_proxy_scheme(parts.get(CURLUPART_SCHEME))) return false;
  const std::string port = parts.get(CURLUPART_PORT);
  const std::string address = parts.get(CURLUPART_SCHEME) + "://" + parts.get(CURLUPART_HOST);
  set(CURLOPT_PROXY, (address + (port.empty() ? "" : ":" + port)).c_str());
  const std::string user = parts.get(CURLUPART_USER, CURLU_URLDECODE);
  std::string password = parts.get(CURLUPART_PASSWORD, CURLU_URLDECODE);
  if (!user.empty()) set(CURLOPT_PROXYUSERNAME, user.c_str());
  if (!password.empty()) set(CURLOPT_PROXYPASSWORD, password.c_str());
  OPENSSL_cleanse(password.data(), password.size());
  return true;
}

Result<void> CurlTransport::set_tls(const HttpRequest& request) {
  if (!request.url.starts_with("https:")) return {};
  Result<X509_STORE*> store = shared_ca_store(property("ca_bundle"));
  if (!store) return std::move(store).error();
  set(CURLOPT_SSL_VERIFYPEER, 1);
  set(CURLOPT_SSL_VERIFYHOST, 2);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_CAINFO, nullptr);
  set(CURLOPT_CAPATH, nullptr);
  curl_easy_setopt(easy_, CURLOPT_SSL_CTX_FUNCTION, prepare_tls);
  curl_easy_setopt(easy_, CURLOPT_SSL_CTX_DATA, *store);
  return {};
}

void CurlTransport::set_request(const HttpRequest& request, HeaderLines& lines) {
  const std::string agent = property("user_agent");
  set(CURLOPT_URL, request.url.c_str());
  set(CURLOPT_USERAGENT, agent.empty() ? "aikido_activity_log" : agent.c_str());
  set(CURLOPT_ACCEPT_ENCODING, "gzip");
  lines.add("Authorization: " + request.authorization);
  lines.add("Accept: application/json");
  lines.add("Expect:");
  curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, lines.first());
  if (request.form.empty()) return;
  set(CURLOPT_POSTFIELDSIZE, static_cast<long>(request.form.size()));
  set(CURLOPT_COPYPOSTFIELDS, request.form.c_str());
}

HttpAnswer CurlTransport::perform(const HttpRequest& request) {
  HttpAnswer failed;
  failed.failure = NoAnswer::kCancelled;
  if (cancelled_) return failed;
  failed.failure = NoAnswer::kBroken;
  failed.detail = "libcurl cannot be started";
  if (!open()) return failed;
  set_connection(request);
  if (!set_proxy(request)) {
    failed.failure = NoAnswer::kConnect;
    failed.by_proxy = true;
    failed.detail = "the host's proxy is no URL of http, https, socks4 or socks5";
    return failed;
  }
  if (Result<void> tls = set_tls(request); !tls) {
    failed.failure = NoAnswer::kNoAuthorities;
    failed.detail = tls.error().text;
    return failed;
  }
  HeaderLines lines;
  CurlAnswer answer(goes_by_proxy(request));
  set_request(request, lines);
  answer.attach(easy_);
  curl_multi_add_handle(multi_, easy_);
  HttpAnswer got = transfer(request, answer);
  curl_multi_remove_handle(multi_, easy_);
  curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, nullptr);
  return got;
}

// The time-out is the host's clock's, so that it holds in simulated time, too.
HttpAnswer CurlTransport::transfer(const HttpRequest& request, CurlAnswer& answer) {
  int slice_ms = kFirstSliceMs;
  while (true) {
    int running = 0;
    int queued = 0;
    curl_multi_perform(multi_, &running);
    if (const CURLMsg* done = curl_multi_info_read(multi_, &queued))
      return answer.finish(easy_, done->data.result, said_.data());
    if (cancelled_) return answer.give_up(easy_, NoAnswer::kCancelled);
    if (host_.monotonic_clock() >= request.deadline_ns)
      return answer.give_up(easy_, NoAnswer::kDeadline);
    curl_multi_poll(multi_, nullptr, 0, slice_ms, nullptr);
    slice_ms = std::min(2 * slice_ms, kLongestSliceMs);
  }
}

}  // namespace

std::unique_ptr<Transport> make_curl_transport(connector::Host host) {
  return std::make_unique<CurlTransport>(host);
}

}  // namespace aikido
