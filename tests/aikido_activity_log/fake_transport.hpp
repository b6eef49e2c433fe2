// Answers in the network's place, in the order in which the test put them, and keeps what was
// asked.
#pragma once

#include <deque>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "plugins/aikido_activity_log/transport.hpp"

namespace aikido {

class FakeTransport final : public Transport {
 public:
  HttpAnswer perform(const HttpRequest& request) override {
    asked.push_back(request);
    if (on_perform) on_perform();
    if (is_cancelled) return lost(NoAnswer::kCancelled);
    if (answers.empty()) throw std::logic_error("nobody expected " + request.url);
    HttpAnswer answer = std::move(answers.front());
    answers.pop_front();
    return answer;
  }
  void rest() override { ++rests; }
  void cancel() override { is_cancelled = true; }

  static HttpAnswer answer(int status, std::string body) {
    HttpAnswer answer;
    answer.resolved = answer.connected = answer.secured = true;
    answer.status = status;
    answer.body = std::move(body);
    return answer;
  }
  static HttpAnswer lost(NoAnswer why, std::string detail = {}) {
    HttpAnswer answer;
    answer.failure = why;
    answer.detail = std::move(detail);
    return answer;
  }
  static HttpAnswer token(const std::string& text = "TOKEN_1") {
    return answer(200, R"({"access_token":")" + text + R"(","expires_in":3600})");
  }

  void push(HttpAnswer answer) { answers.push_back(std::move(answer)); }
  void push_token(const std::string& text = "TOKEN_1") { push(token(text)); }
  void push_page(std::string body) { push(answer(200, std::move(body))); }

  std::deque<HttpAnswer> answers;
  std::vector<HttpRequest> asked;
  std::function<void()> on_perform;
  int rests = 0;
  bool is_cancelled = false;
};

}  // namespace aikido
