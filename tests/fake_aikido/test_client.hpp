// A client for tests of the stand-in: libcurl, one connection, blocking.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "tests/fake_aikido/server.hpp"

namespace fake_aikido {

struct Reply {
  int curl_code = 0;                                  // 0: a whole answer came
  long status = 0;                                    // 0: not even a head
  std::string head;                                   // as it came, lines ended by \r\n
  std::string body;                                   // inflated
  std::string header(const std::string& name) const;  // empty where there is none
};

struct Sent {
  std::string method = "GET";
  std::string target = "/";
  std::vector<std::string> headers = {};  // "Name: value", or "Name:" to leave one out
  std::string body = {};
  std::string basic = {};  // "id:secret"
  bool gzip = true;
  bool http_1_0 = false;
  long timeout_ms = 20'000;
  size_t most_bytes = SIZE_MAX;  // of the head or the inflated body, before the client gives up
  // Called every few milliseconds while the answer is awaited; false gives up.
  std::function<bool()> goes_on = {};
};

// One thread.
class TestClient {
 public:
  explicit TestClient(std::string url, std::string trusted_certificate = {});
  ~TestClient();
  TestClient(const TestClient&) = delete;
  TestClient& operator=(const TestClient&) = delete;

  Reply send(const Sent& request);

  // The proper token request; its token, or an empty text.
  Reply ask_token(const std::string& id = "AIK_CLIENT_test",
                  const std::string& secret = "AIK_SECRET_test");
  std::string token(const std::string& id = "AIK_CLIENT_test",
                    const std::string& secret = "AIK_SECRET_test");
  // The activity log with that query ("page=0&per_page=50"), with the last token() as bearer.
  Reply page(const std::string& query);

 private:
  int perform(const std::function<bool()>& goes_on);

  std::string url_;
  std::string trusted_;
  std::string token_;
  void* multi_;
  void* curl_;
};

}  // namespace fake_aikido
