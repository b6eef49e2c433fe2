#include "tests/fake_aikido/test_client.hpp"

#include <curl/curl.h>
#include <strings.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

namespace fake_aikido {
namespace {

struct Collected {
  std::string text;
  size_t most = SIZE_MAX;
};

size_t collect(char* data, size_t size, size_t count, void* to) {
  auto* collected = static_cast<Collected*>(to);
  if (collected->text.size() + size * count > collected->most) return 0;
  collected->text.append(data, size * count);
  return size * count;
}

using List = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

List list_of(const std::vector<std::string>& lines) {
  curl_slist* list = nullptr;
  for (const std::string& line : lines) list = curl_slist_append(list, line.c_str());
  return List(list, curl_slist_free_all);
}

void set_request(CURL* curl, const Sent& request) {
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  if (request.method == "HEAD") curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
  if (!request.body.empty()) {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(request.body.size()));
    curl_easy_setopt(curl, CURLOPT_COPYPOSTFIELDS, request.body.c_str());
  }
  if (!request.basic.empty()) curl_easy_setopt(curl, CURLOPT_USERPWD, request.basic.c_str());
  if (request.gzip) curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "gzip");
  curl_easy_setopt(curl, CURLOPT_HTTP_VERSION,
                   request.http_1_0 ? CURL_HTTP_VERSION_1_0 : CURL_HTTP_VERSION_1_1);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, request.timeout_ms);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
}

}  // namespace

std::string Reply::header(const std::string& name) const {
  std::istringstream lines(head);
  for (std::string line; std::getline(lines, line);) {
    const size_t colon = line.find(": ");
    if (colon == name.size() && strncasecmp(line.c_str(), name.c_str(), colon) == 0)
      return line.substr(colon + 2, line.size() - colon - 3);
  }
  return {};
}

TestClient::TestClient(std::string url, std::string trusted_certificate)
    : url_(std::move(url)),
      trusted_(std::move(trusted_certificate)),
      multi_(curl_multi_init()),
      curl_(curl_easy_init()) {}

TestClient::~TestClient() {
  curl_easy_cleanup(curl_);
  curl_multi_cleanup(multi_);
}

// A connection whose transfer was given up is closed at once, before this returns.
int TestClient::perform(const std::function<bool()>& goes_on) {
  constexpr int kSliceMs = 5;
  curl_multi_add_handle(multi_, curl_);
  int code = CURLE_ABORTED_BY_CALLBACK;
  for (int running = 1;;) {
    curl_multi_perform(multi_, &running);
    int left = 0;
    if (running == 0) {
      code = curl_multi_info_read(multi_, &left)->data.result;
      break;
    }
    if (goes_on && !goes_on()) break;
    curl_multi_poll(multi_, nullptr, 0, kSliceMs, nullptr);
  }
  curl_multi_remove_handle(multi_, curl_);
  return code;
}

Reply TestClient::send(const Sent& request) {
  curl_easy_reset(curl_);  // keeps the connection
  const std::string url = url_ + request.target;
  const List headers = list_of(request.headers);
  Collected head{{}, request.most_bytes};
  Collected body{{}, request.most_bytes};
  set_request(curl_, request);
  curl_easy_setopt(curl_, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl_, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl_, CURLOPT_WRITEFUNCTION, collect);
  curl_easy_setopt(curl_, CURLOPT_WRITEDATA, &body);
  curl_easy_setopt(curl_, CURLOPT_HEADERFUNCTION, collect);
  curl_easy_setopt(curl_, CURLOPT_HEADERDATA, &head);
  curl_blob trusted{trusted_.data(), trusted_.size(), CURL_BLOB_NOCOPY};
  if (!trusted_.empty()) curl_easy_setopt(curl_, CURLOPT_CAINFO_BLOB, &trusted);

  Reply reply;
  reply.curl_code = perform(request.goes_on);
  curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &reply.status);
  reply.head = std::move(head.text);
  reply.body = std::move(body.text);
  return reply;
}

Reply TestClient::ask_token(const std::string& id, const std::string& secret) {
  Sent request;
  request.method = "POST";
  request.target = "/api/oauth/token";
  request.body = "grant_type=client_credentials";
  request.basic = id + ':' + secret;
  return send(request);
}

std::string TestClient::token(const std::string& id, const std::string& secret) {
  const auto body = nlohmann::json::parse(ask_token(id, secret).body, nullptr, false);
  token_ = body.is_object() ? body.value("access_token", "") : "";
  return token_;
}

Reply TestClient::page(const std::string& query) {
  Sent request;
  request.target = "/api/public/v1/report/activityLog?" + query;
  request.headers = {"Authorization: Bearer " + token_};
  return send(request);
}

}  // namespace fake_aikido
